;; SPDX-License-Identifier: GPL-3.0-or-later
;; Gnus without a screen: for each line that it reads it asks the server for
;; news and prints the summary of $GROUP, an empty line behind it; "end" ends.
(require 'gnus)
(setq gnus-select-method
      `(nntp "127.0.0.1"
	     (nntp-port-number ,(string-to-number (getenv "NNTP_PORT"))))
      gnus-read-active-file nil
      gnus-interactive-exit nil
      gnus-large-newsgroup nil
      gnus-verbose 3
      gnus-summary-line-format "%I%s\n")
;; What the README tells users of Gnus.
(setq gnus-summary-thread-gathering-function
      'gnus-gather-threads-by-references)
(gnus)
(gnus-group-unsubscribe-group (getenv "GROUP"))
(while (not (equal (read-from-minibuffer "") "end"))
  (gnus-group-get-new-news)
  (gnus-group-read-group t t (getenv "GROUP"))
  (princ (buffer-substring-no-properties (point-min) (point-max)))
  (princ "\n")
  (gnus-summary-exit-no-update t))

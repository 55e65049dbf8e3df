;; SPDX-License-Identifier: GPL-3.0-or-later
;; Gnus without a screen on the groups $PAPER and $LIVE: prints, as JSON, the
;; threads of both, the text of the article with the subject $TITLE, what a
;; limit to subjects with $SUBJECT_WORD leaves, and the subject of the article
;; that a search for $TEXT_WORD in the texts finds.
(require 'gnus)
(require 'json)
(set-language-environment "UTF-8")
(setq gnus-select-method
      `(nntp "127.0.0.1"
	     (nntp-port-number ,(string-to-number (getenv "NNTP_PORT"))))
      gnus-read-active-file nil
      gnus-interactive-exit nil
      gnus-large-newsgroup nil
      gnus-verbose 3
      gnus-use-cache nil
      gnus-summary-line-format "%I%s\n"
      gnus-summary-thread-gathering-function
      'gnus-gather-threads-by-references)

(defun lines ()
  (with-current-buffer gnus-summary-buffer
    (split-string (buffer-substring-no-properties (point-min) (point-max))
		  "\n" t)))

(defun open-group (name)
  (gnus-group-unsubscribe-group name)
  (gnus-group-read-group t t name)
  (lines))

(gnus)
(let ((live (open-group (getenv "LIVE")))
      paper text limited found)
  (gnus-summary-exit-no-update t)
  (setq paper (open-group (getenv "PAPER")))
  (goto-char (point-min))
  (search-forward (getenv "TITLE"))
  (gnus-summary-select-article)
  (setq text (with-current-buffer gnus-article-buffer
	       (buffer-substring-no-properties (point-min) (point-max))))
  (gnus-summary-limit-to-subject (getenv "SUBJECT_WORD"))
  (setq limited (lines))
  (gnus-summary-pop-limit)
  (goto-char (point-min))
  (gnus-summary-search-article-forward (getenv "TEXT_WORD"))
  (setq found (gnus-summary-article-subject))
  (princ (json-encode `((live . ,(vconcat live)) (paper . ,(vconcat paper))
			(text . ,text) (limited . ,(vconcat limited))
			(found . ,found)))))

% SPDX-License-Identifier: GPL-3.0-or-later
%
% For slrn, which shows a multipart message as it came over the wire: shows the
% plain text of it instead, and of its pictures their names.  In ~/.slrnrc:
%
%	interpret "/usr/local/share/newswire/slrn-multipart.sl"
%
% A message without plain text is left as it is.

% How deep parts are looked for in parts.
private variable DEPTH_MAX = 4;

% Header lines, unfolded, from line *at on, which moves behind the empty line.
private define take_headers (lines, at_ref)
{
   variable headers = {}, line;

   while (@at_ref < length (lines))
     {
	line = lines[@at_ref];
	@at_ref += 1;
	if (line == "")
	  break;
	if ((line[0] == ' ' || line[0] == '\t') && length (headers))
	  headers[-1] += " " + strtrim (line);
	else
	  list_append (headers, line);
     }
   return headers;
}

% The value of a header, or "".
private define header (headers, name)
{
   variable line, start = strlow (name) + ":";

   foreach line (headers)
     if (strlow (substr (line, 1, strlen (start))) == start)
       return strtrim (substr (line, strlen (start) + 1, -1));
   return "";
}

% A parameter of a Content-Type, or "".
private define parameter (value, name)
{
   variable found = string_matches (value, "; *" + name
				    + "=\"\\([^\"]*\\)\"", 1);

   if (found == NULL)
     found = string_matches (value, "; *" + name + "=\\([^; ]*\\)", 1);
   return found == NULL ? "" : found[1];
}

% The lines of each part: a list of arrays.
private define split_parts (lines, boundary)
{
   variable parts = {}, start = -1, i, line;
   variable marker = "--" + boundary, last = marker + "--";

   _for i (0, length (lines) - 1, 1)
     {
	line = strtrim_end (lines[i]);
	if (line != marker && line != last)
	  continue;
	% The line end before a boundary is the boundary's.
	if (start >= 0 && i > start)
	  list_append (parts, lines[[start : i - 1]]);
	start = i + 1;
	if (line == last)
	  break;
     }
   return parts;
}

private define unquoted_line (line)
{
   variable pieces = strchop (line, '=', 0), i, piece, out, octet;

   out = typecast (pieces[0], BString_Type);
   _for i (1, length (pieces) - 1, 1)
     {
	piece = pieces[i];
	octet = 0;
	if (strbytelen (piece) < 2 || sscanf (substrbytes (piece, 1, 2), "%x",
					      &octet) != 1)
	  {
	     out += "=" + piece;
	     continue;
	  }
	out += pack ("C", octet) + substrbytes (piece, 3, -1);
     }
   return typecast (out, String_Type);
}

% Quoted-printable (RFC 2045 section 6.7).
private define unquoted (lines)
{
   variable out = {}, line, joined = "";

   foreach line (lines)
     {
	line = strtrim_end (line, "\r");
	if (line != "" && line[-1] == '=')
	  {
	     joined += substrbytes (line, 1, strbytelen (line) - 1);
	     continue;
	  }
	list_append (out, unquoted_line (joined + line));
	joined = "";
     }
   return [__push_list (out), unquoted_line (joined)];
}

private define text_of ();

% The plain text of the parts: of alternatives the first that has one, of others
% all.
private define text_of_parts (parts, alternative, type_ref, depth)
{
   variable out = "", part, text, picture = 0;

   foreach part (parts)
     {
	text = text_of (part, type_ref, depth + 1);
	if (text == "")
	  continue;
	% A caption stays under its picture.
	if (out != "" && not (picture && text[0] == '['))
	  out += "\n";
	picture = is_substr (text, "[picture: ") == 1;
	out += text;
	if (alternative)
	  break;
     }
   return out;
}

% The plain text of a part, "" without one.  type_ref is set to the first
% Content-Type of a text.
private define text_of (lines, type_ref, depth)
{
   variable at = 0, headers = take_headers (lines, &at);
   variable type = header (headers, "Content-Type"), kind = strlow (type);
   variable encoding = strlow (header (headers, "Content-Transfer-Encoding"));
   variable name, body;

   if (at >= length (lines) || depth > DEPTH_MAX)
     return "";
   body = lines[[at:]];
   if (is_substr (kind, "multipart/") == 1)
     return text_of_parts (split_parts (body, parameter (type, "boundary")),
			   is_substr (kind, "multipart/alternative") == 1,
			   type_ref, depth);
   if (is_substr (kind, "text/plain") == 1 && encoding != "base64")
     {
	if (@type_ref == NULL)
	  @type_ref = type;
	if (encoding == "quoted-printable")
	  body = unquoted (body);
	return strjoin (body, "\n") + "\n";
     }
   name = parameter (type, "name");
   if (is_substr (kind, "image/") == 1)
     return "[picture: " + (name == "" ? kind : name) + "]\n";
   return "";
}

define newswire_show_text ()
{
   variable lines = strchop (raw_article_as_string (), '\n', 0);
   variable at = 0, headers = take_headers (lines, &at), line, text, out = "";
   variable type = NULL;

   if (is_substr (strlow (header (headers, "Content-Type")), "multipart/") != 1)
     return;
   text = text_of (lines, &type, 0);
   if (type == NULL)
     return;
   foreach line (headers)
     if (is_substr (strlow (line), "content-t") != 1)
       out += line + "\n";
   out += "Content-Type: " + type + "\nContent-Transfer-Encoding: 8bit\n\n";
   replace_article (out + text, 1);
}

() = register_hook ("read_article_hook", "newswire_show_text");

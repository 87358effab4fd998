;;; bibsmith.el --- Fetch, complete and update citations -*- lexical-binding: t -*-

;; Copyright (C) 2026 The Bibsmith authors

;; Author: The Bibsmith authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: bib, tex, convenience
;; URL: https://github.com/bibsmith/bibsmith
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Client of `bibsmith lsp', the language server that fetches citations.
;;
;;   (with-eval-after-load 'eglot (bibsmith-eglot-setup))      ; or
;;   (with-eval-after-load 'lsp-mode (bibsmith-lsp-mode-setup))
;;
;; Then M-x eglot in a LaTeX, Markdown, Org, Typst or BibTeX buffer.
;; In Org,
;;
;;   (with-eval-after-load 'oc (bibsmith-org-setup))
;;   (setq org-cite-insert-processor 'bibsmith)
;;
;; inserts by title and author, and fetches what the bibliography lacks.
;;
;; The manual is docs/emacs.md of Bibsmith.

;;; Code:

(require 'cl-lib)
(require 'diff)
(require 'seq)
(require 'subr-x)

(declare-function eglot--signal-textDocument/didChange "eglot" ())
(declare-function eglot-current-server "eglot" ())
(declare-function eglot--TextDocumentPositionParams "eglot" ())
(declare-function eglot--lsp-position-to-point "eglot" (position &optional marker))
(declare-function jsonrpc-request "jsonrpc"
                  (connection method params &rest rest))
(declare-function lsp-activate-on "lsp-mode" (&rest languages))
(declare-function lsp-register-client "lsp-mode" (client))
(declare-function lsp-request "lsp-mode" (method params &rest rest))
(declare-function lsp-stdio-connection "lsp-mode" (command &optional test))
(declare-function lsp--position-to-point "lsp-mode" (position))
(declare-function lsp--text-document-position-params "lsp-mode" (&rest rest))
(declare-function make-lsp-client "lsp-mode" (&rest rest))
(declare-function org-cite-basic-activate "oc-basic" (citation))
(declare-function org-cite-basic-export-bibliography "oc-basic"
                  (keys files style props backend info))
(declare-function org-cite-basic-export-citation "oc-basic"
                  (citation style backend info))
(declare-function org-cite-basic-goto "oc-basic" (datum prefix))
(declare-function org-cite-make-insert-processor "oc"
                  (select-key select-style))
(declare-function org-cite-register-processor "oc" (name &rest body))
(declare-function org-cite-supported-styles "oc" (&optional processors))

(defvar eglot-confirm-server-initiated-edits)
(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)
(defvar citar-bibliography)
(defvar org-cite-global-bibliography)

(defgroup bibsmith nil
  "Fetch, complete and update citations."
  :group 'bib
  :prefix "bibsmith-")

(defcustom bibsmith-program "bibsmith"
  "The program that is the language server."
  :type 'string)

(defcustom bibsmith-settings nil
  "Settings of the server, a plist as docs/lsp.md names them.
For example (:target \"refs.bib\" :completion (:remote :json-false)).
Where texlab runs beside it, as with rassumfrassum or lsp-mode, this
holds :peers [\"texlab\"]."
  :type 'plist)

(defcustom bibsmith-preview t
  "Whether `bibsmith-update' shows its changes and asks."
  :type 'boolean)

(defcustom bibsmith-timeout 120
  "How many seconds a command waits for the server, which may ask arXiv."
  :type 'number)

(defconst bibsmith-modes
  '(latex-mode LaTeX-mode tex-mode plain-tex-mode bibtex-mode markdown-mode
    org-mode typst-mode typst-ts-mode)
  "Major modes of files that cite.")

;;; Clients

;;;###autoload
(defun bibsmith-eglot-setup ()
  "Have Eglot start Bibsmith for files that cite.
Eglot runs one server in a buffer: this takes the place of texlab."
  (add-to-list 'eglot-server-programs
               `(,bibsmith-modes ,bibsmith-program "lsp"
                                 ,@(and bibsmith-settings
                                        (list :initializationOptions
                                              bibsmith-settings))))
  (advice-add 'eglot-execute-command :around #'bibsmith--eglot-command)
  (advice-add 'eglot-execute :around #'bibsmith--eglot-action)
  (add-hook 'eglot-managed-mode-hook #'bibsmith--manage))

(defun bibsmith--eglot-command (run server command arguments)
  "Call RUN with SERVER, COMMAND and ARGUMENTS, but ask why to accept."
  (if (equal (format "%s" command) "bibsmith.accept")
      (bibsmith--accept-named (elt arguments 0))
    (funcall run server command arguments)))

(defun bibsmith--eglot-action (run server action)
  "Call RUN with SERVER and ACTION, but ask why to accept.
Eglot since 1.10 runs actions so, and commands that it gets in them."
  (let ((command (if (stringp (bibsmith--get action :command)) action
                   (bibsmith--get action :command))))
    (if (equal (bibsmith--get command :command) "bibsmith.accept")
        (bibsmith--accept-named (elt (bibsmith--get command :arguments) 0))
      (funcall run server action))))

;;;###autoload
(defun bibsmith-lsp-mode-setup ()
  "Have `lsp-mode' run Bibsmith beside other servers."
  (dolist (pair '((org-mode . "org") (typst-mode . "typst")
                  (typst-ts-mode . "typst")))
    (add-to-list 'lsp-language-id-configuration pair))
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection
                     (lambda () (list bibsmith-program "lsp")))
    :activation-fn (lsp-activate-on "latex" "tex" "plaintex" "bibtex"
                                    "markdown" "org" "typst")
    :add-on? t
    :server-id 'bibsmith
    :action-handlers (let ((handlers (make-hash-table :test 'equal)))
                       (puthash "bibsmith.accept" #'bibsmith--lsp-mode-accept
                                handlers)
                       handlers)
    :initialization-options (lambda () bibsmith-settings)))
  (add-hook 'lsp-managed-mode-hook #'bibsmith--manage))

(defun bibsmith--lsp-mode-accept (command)
  "Ask why to accept what the COMMAND of the server names."
  (bibsmith--accept-named (elt (bibsmith--get command :arguments) 0)))

(defun bibsmith--manage ()
  "Complete by title and author in this buffer."
  (when (apply #'derived-mode-p bibsmith-modes)
    (add-hook 'completion-at-point-functions
              #'bibsmith-completion-at-point -50 t)))

(defun bibsmith--eglot ()
  "The server of Eglot in this buffer, or nil."
  (and (fboundp 'eglot-current-server) (eglot-current-server)))

(defun bibsmith--get (object &rest keys)
  "The member of the JSON OBJECT that KEYS lead to.
Eglot reads objects as plists, lsp-mode as hash tables or plists."
  (dolist (key keys object)
    (setq object
          (if (hash-table-p object)
              (gethash (substring (symbol-name key) 1) object)
            (plist-get object key)))))

(defun bibsmith--true-p (value)
  "Whether the JSON VALUE is true."
  (and value (not (eq value :json-false))))

(defun bibsmith--request (method params)
  "The answer of the server to METHOD, a string, with PARAMS."
  (cond ((bibsmith--eglot)
         (jsonrpc-request (bibsmith--eglot) (intern (concat ":" method)) params
                          :deferred t :timeout bibsmith-timeout))
        ((bound-and-true-p lsp-mode) (lsp-request method params))
        (t (user-error "No server runs in this buffer: M-x eglot"))))

(defun bibsmith--send-changes ()
  "Tell the server what was edited, as Eglot does when Emacs is idle.
A command may edit a bibliography that was changed a moment ago."
  (dolist (buffer (and (bibsmith--eglot) (buffer-list)))
    (with-current-buffer buffer
      (when (bound-and-true-p eglot--managed-mode)
        (eglot--signal-textDocument/didChange)))))

(defun bibsmith--execute (command argument)
  "Run the COMMAND of the server with its one ARGUMENT.
The user asked for it: what it edits is not asked about again."
  (let ((eglot-confirm-server-initiated-edits nil))
    (bibsmith--send-changes)
    (bibsmith--request "workspace/executeCommand"
                       (list :command command :arguments (vector argument)))))

(defun bibsmith--uri ()
  "The URI of the file of this buffer, as the server has it."
  (bibsmith--get (bibsmith--position-params) :textDocument :uri))

(defun bibsmith--position-params ()
  "Document and place of point, for the server."
  (if (bibsmith--eglot) (eglot--TextDocumentPositionParams)
    (lsp--text-document-position-params)))

(defun bibsmith--point (position)
  "The place in the buffer of the server's POSITION."
  (if (bibsmith--eglot) (eglot--lsp-position-to-point position)
    (lsp--position-to-point position)))

(defun bibsmith--tell (result)
  "Tell of the RESULT of a command; nil if it had errors."
  (let ((changed (length (bibsmith--get result :changed)))
        (errors (append (bibsmith--get result :errors) nil)))
    (message "Bibsmith: %s %s%s" changed (if (= changed 1) "entry" "entries")
             (mapconcat (lambda (one) (concat "\n" one)) errors ""))
    (null errors)))

;;; Completion

(defun bibsmith--try-completion (string table predicate point)
  "The one candidate of TABLE for PREDICATE, else STRING and POINT."
  (let ((all (funcall table string predicate t)))
    (cond ((null all) nil)
          ((cdr all) (cons string point))
          ((equal (car all) string) t)
          (t (cons (car all) (length (car all)))))))

(defun bibsmith--all-completions (string table predicate _point)
  "All candidates of TABLE for STRING and PREDICATE: the server chose them."
  (funcall table string predicate t))

(add-to-list 'completion-styles-alist
             '(bibsmith bibsmith--try-completion bibsmith--all-completions
                        "Citations whose author or title match."))
(add-to-list 'completion-category-defaults '(bibsmith (styles bibsmith)))

(defun bibsmith--matches (items string)
  "Those of the completion ITEMS whose entries have all words of STRING."
  (let ((words (split-string (downcase string) "[^[:alnum:]]+" t)))
    (seq-filter (lambda (item)
                  (let ((text (downcase
                               (concat (bibsmith--get item :label) " "
                                       (bibsmith--get item :filterText)))))
                    (seq-every-p (lambda (word) (string-search word text))
                                 words)))
                items)))

;;;###autoload
(defun bibsmith-completion-at-point ()
  "Complete a citation by its key, its authors or words of its title.
Where nothing at hand matches, arXiv is searched; accepting one of its
papers fetches it."
  (when (and (or (bibsmith--eglot) (bound-and-true-p lsp-mode))
             (looking-back "[{,@<:;[][^]}\n]*" (line-beginning-position)))
    (let* ((answer (bibsmith--request "textDocument/completion"
                                      (bibsmith--position-params)))
           (items (append (bibsmith--get answer :items) nil))
           (range (and items (bibsmith--get (car items) :textEdit :range))))
      (when range
        (let* ((begin (bibsmith--point (bibsmith--get range :start)))
               (end (bibsmith--point (bibsmith--get range :end)))
               (typed (buffer-substring-no-properties begin (point)))
               (find (lambda (label)
                       (seq-find (lambda (item)
                                   (equal (bibsmith--get item :label) label))
                                 items))))
          (list
           begin end
           (lambda (string predicate action)
             (let ((labels
                    (mapcar (lambda (item) (bibsmith--get item :label))
                            (if (string-prefix-p string typed) items
                              (bibsmith--matches items string)))))
               (pcase action
                 ('metadata '(metadata (category . bibsmith)
                                       (display-sort-function . identity)))
                 ('t (if predicate (seq-filter predicate labels) labels))
                 (_ (complete-with-action action labels string predicate)))))
           :annotation-function
           (lambda (label)
             (let ((detail (bibsmith--get (funcall find label) :detail)))
               (and detail (concat "  " detail))))
           :exit-function
           (lambda (label status)
             (when-let* (((memq status '(finished exact sole)))
                         (command (bibsmith--get
                                   (funcall find (substring-no-properties label))
                                   :command)))
               (bibsmith--tell
                (bibsmith--execute
                 (bibsmith--get command :command)
                 (aref (bibsmith--get command :arguments) 0)))))))))))

;;; Commands

(defun bibsmith--cited (keys)
  "KEYS as this buffer cites them at point."
  (let ((list (string-join keys ",")))
    (cond ((derived-mode-p 'bibtex-mode) list)
          ((looking-back "[{,@][^]}\n]*" (line-beginning-position)) list)
          ((derived-mode-p 'org-mode)
           (format "[cite:%s]" (mapconcat (lambda (key) (concat "@" key))
                                          keys ";")))
          ((derived-mode-p 'markdown-mode)
           (format "[%s]" (mapconcat (lambda (key) (concat "@" key)) keys "; ")))
          ((derived-mode-p 'typst-mode 'typst-ts-mode)
           (mapconcat (lambda (key) (concat "@" key)) keys " "))
          (t (format "\\cite{%s}" list)))))

(defun bibsmith--add (ids)
  "Add the papers IDS to the bibliography of this buffer; their keys."
  (let ((result (bibsmith--execute "bibsmith.fetch"
                                   (list :uri (bibsmith--uri)
                                         :ids (vconcat ids)))))
    (bibsmith--tell result)
    (append (bibsmith--get result :changed) (bibsmith--get result :skipped)
            nil)))

;;;###autoload
(defun bibsmith-add (ids)
  "Add the papers IDS to the bibliography, and cite them at point."
  (interactive (list (split-string (read-string "arXiv ids: ") "[ ,]+" t)))
  (when-let ((keys (bibsmith--add ids)))
    (unless (derived-mode-p 'bibtex-mode)
      (insert (bibsmith--cited keys)))))

;;;###autoload
(defun bibsmith-fetch ()
  "Fetch all papers that this file cites by id and its bibliography lacks."
  (interactive)
  (let* ((params
          (list :textDocument (list :uri (bibsmith--uri))
                :range (list :start '(:line 0 :character 0)
                             :end (list :line (line-number-at-pos (point-max))
                                        :character 0))
                :context '(:diagnostics [] :only ["source.fixAll.bibsmith"])))
         (actions (bibsmith--request "textDocument/codeAction" params))
         (action (and (> (length actions) 0) (elt actions 0))))
    (if (or (null action) (derived-mode-p 'bibtex-mode))
        (message "Bibsmith: no citation of this file can be fetched")
      (bibsmith--tell
       (bibsmith--execute
        (bibsmith--get action :command :command)
        (elt (bibsmith--get action :command :arguments) 0))))))

(defun bibsmith--edited (text edits)
  "TEXT with EDITS, whose places are bytes of it in UTF-8."
  (with-temp-buffer
    (insert text)
    (dolist (edit (sort (append edits nil)
                        (lambda (a b) (> (bibsmith--get a :offset)
                                         (bibsmith--get b :offset)))))
      (let* ((offset (bibsmith--get edit :offset))
             (begin (byte-to-position (1+ offset)))
             (end (byte-to-position (+ 1 offset (bibsmith--get edit :length)))))
        (delete-region begin end)
        (goto-char begin)
        (insert (bibsmith--get edit :new_text))))
    (buffer-string)))

(defun bibsmith--accept-p (old new)
  "Show how OLD becomes NEW, and ask whether it shall."
  (let ((before (generate-new-buffer " *bibsmith before*"))
        (after (generate-new-buffer " *bibsmith after*")))
    (unwind-protect
        (progn
          (with-current-buffer before (insert old))
          (with-current-buffer after (insert new))
          (save-window-excursion
            (display-buffer (diff-no-select before after "-u" t))
            (y-or-n-p "Make these changes? ")))
      (kill-buffer before)
      (kill-buffer after))))

(defun bibsmith--key-at-point ()
  "The key of the entry at point, or nil."
  (save-excursion
    (end-of-line)
    (and (re-search-backward "^@[^{(]+[{(] *\\([^, \n]+\\)" nil t)
         (match-string-no-properties 1))))

;;;###autoload
(defun bibsmith-update (&optional key)
  "Bring the bibliography in this buffer up to date, or its entry KEY.
With a prefix argument, KEY is that of the entry at point."
  (interactive
   (list (and current-prefix-arg (bibsmith--key-at-point))))
  (unless (derived-mode-p 'bibtex-mode)
    (user-error "Visit the bibliography that is to be updated"))
  (let* ((text (buffer-substring-no-properties (point-min) (point-max)))
         (only (and key (list :only (vector key))))
         (plan (bibsmith--execute
                "bibsmith.call" (list :method "bibsmith/bib.plan"
                                      :params (append (list :text text) only))))
         (edits (bibsmith--get plan :edits)))
    (cond ((zerop (length edits)) (message "Bibsmith: nothing to update"))
          ((or (not bibsmith-preview)
               (bibsmith--accept-p text (bibsmith--edited text edits)))
           (bibsmith--tell
            (bibsmith--execute "bibsmith.updateFile"
                               (append (list :uri (bibsmith--uri)) only)))))))

;;;###autoload
(defun bibsmith-verify (&optional key)
  "Ask whether there are the works that this bibliography names.
With a prefix argument, only that of the entry at point, KEY.  What is
wrong becomes diagnostics."
  (interactive (list (and current-prefix-arg (bibsmith--key-at-point))))
  (unless (derived-mode-p 'bibtex-mode)
    (user-error "Visit the bibliography that is to be verified"))
  (let ((result (bibsmith--execute
                 "bibsmith.verify"
                 (append (list :uri (bibsmith--uri))
                         (and key (list :only (vector key)))))))
    (message
     "Bibsmith: %s verified, %s with wrong fields, %s not found, %s that do not exist%s"
     (bibsmith--get result :verified)
     (bibsmith--get result :wrong_fields)
     (bibsmith--get result :could_not_verify)
     (bibsmith--get result :does_not_exist)
     (mapconcat (lambda (one) (concat "\n" one))
                (bibsmith--get result :errors) ""))))

(defun bibsmith--read-reason (key)
  "Ask why the reference KEY is accepted."
  (read-string (format "Why is %s right as it is? " key)))

(defun bibsmith--accept-named (argument)
  "Accept the reference that ARGUMENT of a code action names.
The reason that the server gives there says nothing."
  (let ((key (bibsmith--get argument :key)))
    (bibsmith-accept key (bibsmith--read-reason key))))

;;;###autoload
(defun bibsmith-accept (key reason)
  "Accept the reference KEY, which was verified, as it is, for REASON.
The file bibsmith.toml of the project keeps the reason."
  (interactive
   (let ((key (or (bibsmith--key-at-point) (user-error "No entry at point"))))
     (list key (bibsmith--read-reason key))))
  (when (string-blank-p reason) (user-error "There has to be a reason"))
  (bibsmith--tell
   (bibsmith--execute "bibsmith.accept"
                      (list :uri (bibsmith--uri) :key key :reason reason))))

(defun bibsmith--choose (prompt choices)
  "Ask with PROMPT for one of CHOICES, pairs of text and value; the value."
  (unless choices (user-error "Nothing found"))
  (cdr (assoc (completing-read prompt choices nil t) choices)))

;;;###autoload
(defun bibsmith-search (words)
  "Search arXiv for WORDS, add the paper that is chosen, and cite it."
  (interactive "sSearch arXiv: ")
  (let* ((result (bibsmith--execute "bibsmith.search" (list :words words)))
         (choices
          (mapcan
           (lambda (paper)
             (when-let ((id (bibsmith--get paper :arxiv_id)))
               (list (cons (format "%s: %s"
                                   (elt (bibsmith--get paper :authors) 0)
                                   (bibsmith--get paper :title))
                           (concat "arXiv:" id)))))
           (append (bibsmith--get result :results) nil))))
    (bibsmith-add (list (bibsmith--choose "Add: " choices)))))

(defun bibsmith--read-key (prompt)
  "Ask with PROMPT for a citation key, by any words of its entry."
  (let ((symbols (bibsmith--request "workspace/symbol" '(:query ""))))
    (bibsmith--choose
     prompt
     (mapcar (lambda (symbol)
               (cons (format "%s  %s" (bibsmith--get symbol :name)
                             (or (bibsmith--get symbol :containerName) ""))
                     (bibsmith--get symbol :name)))
             (append symbols nil)))))

;;;###autoload
(defun bibsmith-cite ()
  "Cite an entry of the bibliographies of the project at point."
  (interactive)
  (insert (bibsmith--cited (list (bibsmith--read-key "Cite: ")))))

;;;###autoload
(defun bibsmith-status ()
  "Tell the version of the server."
  (interactive)
  (let ((status (bibsmith--execute "bibsmith.status" (make-hash-table))))
    (message "Bibsmith %s%s" (bibsmith--get status :version)
             (if (bibsmith--true-p (bibsmith--get status :offline)) ", offline"
               ""))))

;;;###autoload
(defun bibsmith-add-to-file (ids file)
  "Add the papers IDS to the bibliography FILE, without a server.
FILE is one of `citar-bibliography' or `org-cite-global-bibliography',
where they have any: Citar sees the new entries at once."
  (interactive
   (let ((files (append (ensure-list (bound-and-true-p citar-bibliography))
                        (bound-and-true-p org-cite-global-bibliography))))
     (list (split-string (read-string "arXiv ids: ") "[ ,]+" t)
           (cond ((cdr files) (completing-read "Into: " files nil t))
                 (files (car files))
                 (t (read-file-name "Into: "))))))
  (let ((errors (make-temp-file "bibsmith")))
    (unwind-protect
        (with-temp-buffer
          (let ((status (apply #'call-process bibsmith-program nil
                               (list t errors) nil "add" "--to"
                               (expand-file-name file) ids)))
            (unless (eql status 0)
              (user-error "%s" (with-temp-buffer
                                 (insert-file-contents errors)
                                 (string-trim (buffer-string)))))
            (let ((keys (split-string (buffer-string))))
              (message "Bibsmith: added %s" (string-join keys ", "))
              keys)))
      (delete-file errors))))

;;; Org

(defun bibsmith--org-key (&optional multiple)
  "A key for `org-cite-insert', or a list of one if MULTIPLE.
Where no server runs, an arXiv id is asked for, whose paper is added to a
global bibliography."
  (let ((key (if (or (bibsmith--eglot) (bound-and-true-p lsp-mode))
                 (bibsmith--read-key "Cite: ")
               (car (call-interactively #'bibsmith-add-to-file)))))
    (if multiple (list key) key)))

(defun bibsmith--org-style (&rest _)
  "A citation style for `org-cite-insert'."
  (let ((styles (mapcan (lambda (style)
                          (delq nil (list (caar style))))
                        (org-cite-supported-styles))))
    (completing-read "Style: " styles)))

(defun bibsmith--org-follow (datum prefix)
  "Go to the entry of the citation DATUM; PREFIX as Org gives it."
  (if (bibsmith--eglot)
      (call-interactively #'xref-find-definitions)
    (org-cite-basic-goto datum prefix)))

;;;###autoload
(defun bibsmith-org-setup ()
  "Register the processor `bibsmith' of Org's citations.
It inserts by title and author and follows through the server; activation
and export are those of the processor `basic'."
  (require 'oc-basic)
  (org-cite-register-processor 'bibsmith
    :activate #'org-cite-basic-activate
    :export-bibliography #'org-cite-basic-export-bibliography
    :export-citation #'org-cite-basic-export-citation
    :cite-styles '((("author" "a") ("bare" "b"))
                   (("noauthor" "na")) (("text" "t")) (("nil")))
    :follow #'bibsmith--org-follow
    :insert (org-cite-make-insert-processor #'bibsmith--org-key
                                            #'bibsmith--org-style)))

(provide 'bibsmith)
;;; bibsmith.el ends here

;;; What a user does, in a batch Emacs with Eglot -*- lexical-binding: t -*-

(require 'ert)
(require 'eglot)
(require 'bibsmith)

(defvar scenario-project (getenv "BIBSMITH_TEST_PROJECT"))

(defun scenario-wait (holds)
  "Let the server speak until HOLDS returns non-nil."
  (with-timeout (60 (ert-fail "waited too long"))
    (while (not (funcall holds)) (accept-process-output nil 0.02))))

(defun scenario-visit (name)
  (find-file (expand-file-name name scenario-project))
  (unless (eglot-managed-p) (eglot-ensure) (apply #'eglot (eglot--guess-contact)))
  (scenario-wait #'eglot-managed-p))

(defun scenario-findings ()
  "How many findings the server has of the text; no idle timer sends it in batch."
  (eglot--signal-textDocument/didChange)
  (flymake-start)
  (length (flymake-diagnostics)))

(defun scenario-text () (buffer-substring-no-properties (point-min) (point-max)))

(defun scenario-go (mark)
  (goto-char (point-min))
  (search-forward mark)
  (goto-char (match-beginning 0)))

(defun scenario-line (text)
  "An empty paragraph with TEXT, point behind it."
  (goto-char (point-min))
  (search-forward "\n\n")
  (insert text "\n")
  (backward-char))

(setq eglot-confirm-server-initiated-edits nil
      eglot-autoshutdown t
      eglot-sync-connect 30
      make-backup-files nil
      create-lockfiles nil
      vc-handled-backends nil)
(bibsmith-eglot-setup)
(bibsmith-org-setup)

(defun scenario-run (action)
  "Run the ACTION as `eglot-code-actions' does when the user chooses it."
  (let ((command (plist-get action :command)))
    (eglot-execute-command (eglot-current-server)
                           (intern (plist-get command :command))
                           (plist-get command :arguments))))

(ert-deftest scenario-the-reason-is-asked-for-by-newer-eglot-and-lsp-mode ()
  (let (accepted ran)
    (cl-letf (((symbol-function 'read-string) (lambda (&rest _) "a talk"))
              ((symbol-function 'bibsmith-accept)
               (lambda (key reason) (setq accepted (list key reason)))))
      (dolist (action '((:title "Accept" :command "bibsmith.accept"
                                :arguments [(:key "a" :reason "x")])
                        (:title "Accept" :command
                                (:command "bibsmith.accept"
                                          :arguments [(:key "a" :reason "x")]))))
        (setq accepted nil)
        (bibsmith--eglot-action #'ignore nil action)
        (should (equal accepted '("a" "a talk"))))
      (bibsmith--eglot-action (lambda (_ action) (setq ran action)) nil
                              '(:title "Other" :edit (:changes nil)))
      (should ran)
      (setq accepted nil)
      (bibsmith--lsp-mode-accept '(:command "bibsmith.accept"
                                            :arguments [(:key "b")]))
      (should (equal accepted '("b" "a talk"))))))

(ert-deftest scenario-from-a-missing-citation-to-an-update ()
  (scenario-visit "paper.tex")
  (scenario-wait (lambda () (= (scenario-findings) 1)))
  (scenario-go "1706")
  (let ((action (car (eglot-code-actions (point) (point)))))
    (should (equal (plist-get action :title)
                   "Fetch arXiv:1706.03762 and add it to refs.bib"))
    (scenario-run action))
  (scenario-wait (lambda () (string-search "\\cite{vaswani2017attention}"
                                           (scenario-text))))
  (scenario-wait (lambda () (= (scenario-findings) 0)))

  (scenario-line "\\cite{stochastc optim}")
  (backward-char)
  (completion-at-point)
  (should (equal (buffer-substring (line-beginning-position)
                                   (line-end-position))
                 "\\cite{kingma2014adam}"))

  (scenario-go "vaswani")
  (let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover
                                (eglot--TextDocumentPositionParams)
                                :deferred t)))
    (should (string-search "Attention"
                           (plist-get (plist-get hover :contents) :value))))

  (scenario-go "kingma")
  ;; Eglot 1.9 asks wherever a file is not visited.
  (cl-letf (((symbol-function 'y-or-n-p) #'always)) (eglot-rename "adam"))
  (should-not (string-search "kingma2014adam" (scenario-text)))
  (save-some-buffers t)

  (scenario-visit "refs.bib")
  (should (string-search "@misc{adam," (scenario-text)))
  (let* (asked
         (answer nil)
         (before (scenario-text)))
    (cl-letf (((symbol-function 'y-or-n-p)
               (lambda (&rest _)
                 (setq asked (with-current-buffer "*Diff*" (buffer-string)))
                 answer)))
      (bibsmith-update "adam")
      (should (equal (scenario-text) before))
      (should (string-match-p "^\\+.*primaryclass" (downcase asked)))
      (setq answer t)
      (bibsmith-update "adam")
      (should-not (equal (scenario-text) before)))))

(ert-deftest scenario-verified-and-accepted ()
  (scenario-visit "invented.bib")
  (goto-char (point-max))
  (should (equal (bibsmith--key-at-point) "nothing"))
  (should (string-search "1 not found" (bibsmith-verify "nothing")))
  (should-error (bibsmith-accept "nothing" " ") :type 'user-error)
  ;; Eglot's own way to run a code action asks for the reason too.
  (goto-char (point-max))
  (search-backward "@")
  (let ((action (seq-find
                 (lambda (one) (string-prefix-p "Accept nothing"
                                                (plist-get one :title)))
                 (eglot-code-actions (point) (point))))
        (prompts nil))
    (should action)
    (cl-letf (((symbol-function 'read-string)
               (lambda (prompt &rest _) (push prompt prompts) " ")))
      (should-error (scenario-run action) :type 'user-error)
      (should (equal prompts '("Why is nothing right as it is? "))))
    (cl-letf (((symbol-function 'read-string) (lambda (&rest _) "a talk")))
      (scenario-run action)))
  (with-temp-buffer
    (insert-file-contents (expand-file-name "bibsmith.toml" scenario-project))
    (should (search-forward "a talk" nil t))))

(ert-deftest scenario-papers-of-arxiv ()
  ;; Batch Emacs is never idle, which is when Eglot sends changes.
  (bibsmith--send-changes)
  (scenario-visit "second.tex")
  (scenario-line "\\cite{deep residual learning}")
  (backward-char)
  (completion-at-point)
  (should (string-search "\\cite{he2015deep" (scenario-text)))
  (end-of-line)
  (bibsmith-add '("1810.04805"))
  (should (string-search "\\cite{devlin2018bert}" (scenario-text)))
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_ choices &rest _) (caar choices))))
    (bibsmith-search "generative adversarial networks")
    (should (string-search "\\cite{goodfellow2014generative}" (scenario-text)))
    (goto-char (point-max))
    (bibsmith-cite)
    (should (looking-back "\\\\cite{[^}]+}" nil)))
  (bibsmith-status)
  (bibsmith-fetch)
  (set-buffer-modified-p nil)
  (with-current-buffer (find-buffer-visiting (expand-file-name "refs.bib" scenario-project)) (save-buffer)))

(ert-deftest scenario-org ()
  (require 'oc)
  (scenario-visit "notes.org")
  (let ((org-cite-insert-processor 'bibsmith)
        (org-cite-export-processors '((t bibsmith)))
        (org-cite-global-bibliography
         (list (expand-file-name "refs.bib" scenario-project))))
    (goto-char (point-max))
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_ choices &rest _) (caar choices))))
      (org-cite-insert nil))
    (should (string-match-p "And \\[cite:@[^]]+\\]" (scenario-text)))
    (should (string-match-p "References\\|Adam\\|Attention"
                            (org-export-as 'ascii))))
  (set-buffer-modified-p nil))

(ert-deftest scenario-without-a-server ()
  (with-temp-buffer
    (should-error (bibsmith-status) :type 'user-error)
    (let ((file (expand-file-name "alone.bib" scenario-project)))
      (should (equal (bibsmith-add-to-file '("1706.03762") file)
                     '("vaswani2017attention")))
      (should-error (bibsmith-add-to-file '("nonsense id") file)
                    :type 'user-error))))

(ert-deftest scenario-edits-are-bytes ()
  (should (equal (bibsmith--edited "é𝄞a" '((:offset 6 :length 1 :new_text "b")
                                          (:offset 0 :length 2 :new_text "")))
                 "𝄞b")))

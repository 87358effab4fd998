// The npm client of the protocol, with documents as an editor has them.
'use strict';

const childProcess = require('child_process');
const fs = require('fs');
const path = require('path');
const url = require('url');
const lsp = require('vscode-languageserver-protocol/node');

const capabilities = {
  general: { positionEncodings: ['utf-16'] },
  window: { workDoneProgress: true },
  workspace: {
    applyEdit: true,
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
  },
  textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } },
};

class Session {
  constructor(folder, settings = {}) {
    this.folder = folder;
    this.settings = settings;
    this.texts = new Map(); // of open documents, by URI
    this.versions = new Map();
    this.findings = new Map();
    this.seen = []; // what the server asked and told
    this.waiting = [];
  }

  async start(more = {}) {
    this.process = childProcess.spawn(process.env.BIBSMITH_PROGRAM, ['lsp'], { cwd: this.folder, stdio: ['pipe', 'pipe', 'inherit'] });
    this.exited = new Promise((resolve) => this.process.on('exit', resolve));
    this.connection = lsp.createProtocolConnection(
      new lsp.StreamMessageReader(this.process.stdout), new lsp.StreamMessageWriter(this.process.stdin));
    const connection = this.connection;
    connection.onRequest(lsp.ApplyWorkspaceEditRequest.type, (params) => {
      this.seen.push('workspace/applyEdit');
      this.lastEdit = params.edit;
      for (const change of params.edit.documentChanges) this.edit(change.textDocument.uri, change.edits);
      return { applied: true };
    });
    connection.onRequest(lsp.ConfigurationRequest.type, (params) => params.items.map(() => this.settings));
    connection.onRequest(lsp.RegistrationRequest.type, (params) => {
      this.seen.push(...params.registrations.map((one) => `register ${one.method}`));
    });
    connection.onRequest(lsp.WorkDoneProgressCreateRequest.type, () => void this.seen.push('progress'));
    connection.onRequest((method) => {
      throw new Error(`the server asked for ${method}, which no capability offers`);
    });
    connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
      this.findings.set(params.uri, params.diagnostics);
      this.waiting = this.waiting.filter((check) => !check());
    });
    connection.onNotification(lsp.ShowMessageNotification.type, (params) => void this.seen.push(params.message));
    connection.onUnhandledProgress((params) => void this.seen.push(params.value.kind));
    connection.listen();
    const root = url.pathToFileURL(this.folder).href;
    this.server = await connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid, rootUri: root, capabilities, workspaceFolders: [{ uri: root, name: 'project' }], ...more });
    await connection.sendNotification(lsp.InitializedNotification.type, {});
    return this;
  }

  uri(name) {
    return url.pathToFileURL(path.join(this.folder, name)).href;
  }

  open(name, languageId, text = fs.readFileSync(path.join(this.folder, name), 'utf8')) {
    const uri = this.uri(name);
    this.texts.set(uri, text);
    this.versions.set(uri, 1);
    this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version: 1, text } });
    return uri;
  }

  offset(uri, position) {
    const lines = this.texts.get(uri).split('\n');
    return lines.slice(0, position.line).reduce((sum, line) => sum + line.length + 1, 0) + position.character;
  }

  // The place of `mark` in a document, and so many units further.
  position(uri, mark, after = 0) {
    const at = this.texts.get(uri).indexOf(mark);
    if (at < 0) throw new Error(`no ${mark} in ${this.texts.get(uri)}`);
    const before = this.texts.get(uri).slice(0, at + after).split('\n');
    return { line: before.length - 1, character: before[before.length - 1].length };
  }

  edit(uri, edits) {
    if (!this.texts.has(uri)) throw new Error(`an edit of ${uri}, which is not open`);
    // Last first; of those at one place the first of the list comes first in the text (LSP 3.17, "TextEdit[]").
    const places = edits
      .map((edit) => ({ begin: this.offset(uri, edit.range.start), end: this.offset(uri, edit.range.end), edit }))
      .reverse()
      .sort((a, b) => b.begin - a.begin || b.end - a.end);
    for (const { begin, end, edit } of places) {
      const text = this.texts.get(uri);
      this.texts.set(uri, text.slice(0, begin) + edit.newText + text.slice(end));
    }
    this.versions.set(uri, this.versions.get(uri) + 1);
    return this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: this.versions.get(uri) },
      contentChanges: places.map(({ edit }) => ({ range: edit.range, text: edit.newText })) });
  }

  request(method, params) {
    return this.connection.sendRequest(method, params);
  }

  ask(name, uri, mark, after = 0, more = {}) {
    return this.request(`textDocument/${name}`, {
      textDocument: { uri }, position: this.position(uri, mark, after), ...more });
  }

  execute(command, argument) {
    return this.request('workspace/executeCommand', { command, arguments: [argument] });
  }

  // The findings of a document, as soon as there are so many.
  findingsOf(uri, count) {
    return new Promise((resolve) => {
      const check = () => {
        const found = this.findings.get(uri);
        if (!found || found.length !== count) return false;
        resolve(found);
        return true;
      };
      if (!check()) this.waiting.push(check);
    });
  }

  // Ends the server as the protocol has it; its exit status.
  async stop() {
    await this.connection.sendRequest(lsp.ShutdownRequest.type);
    await this.connection.sendNotification(lsp.ExitNotification.type);
    const status = await this.exited;
    this.connection.dispose();
    return status;
  }
}

module.exports = { Session };

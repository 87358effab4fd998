// The entries of all bibliographies of the workspace, by file.
'use strict';

const vscode = require('vscode');

class BibliographyTree {
  constructor(server) {
    this.server = server;
    this.changed = new vscode.EventEmitter();
    this.onDidChangeTreeData = this.changed.event;
  }

  refresh() {
    this.changed.fire(undefined);
  }

  // Entries by the URI of their file.
  async files() {
    const byFile = new Map();
    const symbols = (await this.server.request('workspace/symbol', { query: '' }).catch(() => [])) || [];
    for (const symbol of symbols) {
      const uri = symbol.location.uri;
      if (!byFile.has(uri)) byFile.set(uri, []);
      byFile.get(uri).push(symbol);
    }
    return [...byFile].map(([uri, entries]) => ({ uri, entries }));
  }

  async getChildren(node) {
    return node ? node.entries || [] : this.files();
  }

  getTreeItem(node) {
    if (node.entries) {
      const uri = vscode.Uri.parse(node.uri);
      const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.Expanded);
      item.description = String(node.entries.length);
      return item;
    }
    const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.None);
    item.description = node.containerName;
    item.tooltip = node.containerName;
    item.iconPath = new vscode.ThemeIcon('book');
    const { start } = node.location.range;
    const place = new vscode.Range(start.line, start.character, start.line, start.character);
    item.command = {
      title: 'Open',
      command: 'vscode.open',
      arguments: [vscode.Uri.parse(node.location.uri), { selection: place }],
    };
    return item;
  }
}

module.exports = { BibliographyTree };

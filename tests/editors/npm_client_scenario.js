// Every request that the server offers, by the npm client.
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { Session } = require('./session');

async function main(folder) {
  const session = await new Session(folder, { completion: { remote: false } }).start();
  const offered = session.server.capabilities;
  const asked = new Set();
  const ask = (name, ...rest) => {
    asked.add(name);
    return session.ask(name, ...rest);
  };
  const about = (name, uri, more = {}) => {
    asked.add(name);
    return session.request(`textDocument/${name}`, { textDocument: { uri }, ...more });
  };

  // a missing citation, from the finding to the entry
  const paper = session.open('paper.tex', 'latex');
  const [finding] = await session.findingsOf(paper, 1);
  assert.strictEqual(finding.code, 'bibsmith.fetchable');
  const actions = await about('codeAction', paper, { range: finding.range, context: { diagnostics: [finding] } });
  assert.strictEqual(actions[0].title, 'Fetch arXiv:1706.03762 and add it to refs.bib');
  const fetched = await session.execute(actions[0].command.command, actions[0].command.arguments[0]);
  assert.deepStrictEqual([fetched.ok, fetched.changed], [true, ['vaswani2017attention']]);
  assert.ok(session.texts.get(paper).includes('\\cite{vaswani2017attention}'));
  await session.findingsOf(paper, 0);
  for (const seen of ['progress', 'begin', 'end', 'workspace/applyEdit', 'register workspace/didChangeWatchedFiles']) {
    assert.ok(session.seen.includes(seen), `${seen} in ${session.seen}`);
  }

  // by words of the title
  const place = session.position(paper, '\n\n', 1);
  await session.edit(paper, [{ range: { start: place, end: place }, newText: '\\cite{stochastc optim}' }]);
  const list = await ask('completion', paper, 'optim}', 5);
  assert.deepStrictEqual(list.items.map((item) => item.label), ['kingma2014adam']);
  const resolved = await session.request('completionItem/resolve', list.items[0]);
  assert.match(resolved.documentation.value, /Stochastic/);
  await session.edit(paper, [list.items[0].textEdit]);
  assert.ok(session.texts.get(paper).includes('\n\\cite{kingma2014adam}'));

  // reading
  const hover = await ask('hover', paper, 'vaswani', 2);
  assert.match(hover.contents.value, /Attention/);
  const bib = session.open('refs.bib', 'bibtex');
  const [definition] = await ask('definition', paper, 'vaswani', 2);
  assert.strictEqual(definition.uri, bib);
  const references = await ask('references', paper, 'kingma2014adam', 0, { context: { includeDeclaration: true } });
  assert.strictEqual(references.length, 3);
  const symbols = await about('documentSymbol', bib);
  assert.deepStrictEqual(symbols.map((one) => one.name).sort(), ['kingma2014adam', 'vaswani2017attention']);
  assert.ok((await session.request('workspace/symbol', { query: 'stochastic' })).length === 1);
  const links = await about('documentLink', bib);
  assert.ok(links.some((link) => link.target === 'https://arxiv.org/abs/1706.03762'));
  assert.strictEqual((await about('foldingRange', bib)).length, 2);
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  assert.deepStrictEqual(await about('inlayHint', paper, { range: whole }), []);
  await session.connection.sendNotification('workspace/didChangeConfiguration', {
    settings: { bibsmith: { inlayHints: { enabled: true } } } });
  assert.ok((await about('inlayHint', paper, { range: whole })).length > 0);
  assert.strictEqual((await about('semanticTokens/full', paper)).data.length % 5, 0);
  assert.ok(Array.isArray(await about('codeLens', bib)));

  // a new key everywhere
  const prepared = await ask('prepareRename', paper, 'kingma2014adam', 3);
  assert.strictEqual(prepared.placeholder, 'kingma2014adam');
  const renamed = await ask('rename', paper, 'kingma2014adam', 3, { newName: 'adam' });
  for (const change of renamed.documentChanges) await session.edit(change.textDocument.uri, change.edits);
  assert.ok(!session.texts.get(paper).includes('kingma') && session.texts.get(bib).includes('@misc{adam,'));

  // an update, with a preview
  const before = session.texts.get(bib);
  const updated = await session.execute('bibsmith.updateFile', { uri: bib, only: ['adam'], preview: true });
  assert.deepStrictEqual([updated.ok, updated.changed], [true, ['adam']]);
  assert.ok(Object.values(session.lastEdit.changeAnnotations).every((one) => one.needsConfirmation));
  assert.notStrictEqual(session.texts.get(bib), before);

  // layout
  const wide = { start: session.position(bib, 'author'), end: session.position(bib, 'author') };
  await session.edit(bib, [{ range: wide, newText: '      ' }]);
  const edits = await about('formatting', bib, { options: { tabSize: 2, insertSpaces: true } });
  assert.ok(edits.length > 0, session.texts.get(bib));
  const inRange = await about('rangeFormatting', bib, { range: whole, options: { tabSize: 2, insertSpaces: true } });
  assert.deepStrictEqual(inRange, edits);
  await session.edit(bib, edits);
  assert.deepStrictEqual(await about('formatting', bib, { options: { tabSize: 2, insertSpaces: true } }), []);

  // commands
  for (const [command, argument, holds] of [
    ['bibsmith.status', {}, (result) => /^\d/.test(result.version)],
    ['bibsmith.search', { words: 'deep residual learning' }, (result) => result.results.length > 0],
    ['bibsmith.dedupe', { file: path.join(folder, 'refs.bib'), dry_run: true }, (result) => result !== null],
    ['bibsmith.export', { text: session.texts.get(bib), to: 'csl-json' }, (result) => JSON.stringify(result).includes('Attention')],
    ['bibsmith.normalise', { uri: bib, key: 'adam' }, (result) => result.ok],
    ['bibsmith.useUsualKeys', { uri: paper }, (result) => result.ok && result.changed.length === 0],
    ['bibsmith.verify', { uri: bib }, (result) => result.verified + result.could_not_verify > 0],
    ['bibsmith.call', { method: 'bibsmith/id.parse', params: { text: '1706.03762' } }, (result) => result.kind === 'arxiv'],
  ]) {
    assert.ok(holds(await session.execute(command, argument)), command);
    asked.add(command);
  }
  // Those that change files have tests of their own (tests/e2e/lsp_test.py).
  ['bibsmith.fetch', 'bibsmith.updateFile', 'bibsmith.mergeDuplicates', 'bibsmith.accept'].forEach((command) => asked.add(command));
  assert.deepStrictEqual(offered.executeCommandProvider.commands.filter((command) => !asked.has(command)), []);

  // Whatever is offered has been asked for.
  const requests = Object.keys(offered)
    .filter((name) => name.endsWith('Provider') && offered[name])
    .map((name) => name.slice(0, -'Provider'.length));
  const names = {
    documentFormatting: 'formatting', documentRangeFormatting: 'rangeFormatting', semanticTokens: 'semanticTokens/full',
    workspaceSymbol: 'documentSymbol', executeCommand: 'bibsmith.status' };
  assert.deepStrictEqual(requests.filter((name) => !asked.has(names[name] || name)), []);

  // The text of the server is the client's: it tells the entries of what was edited.
  const parsed = await session.execute('bibsmith.call', { method: 'bibsmith/bib.parse', params: { text: session.texts.get(bib) } });
  assert.deepStrictEqual(
    parsed.entries.map((entry) => entry.key), (await about('documentSymbol', bib)).map((symbol) => symbol.name));

  await assert.rejects(session.request('textDocument/none', {}), { code: -32601 });
  await assert.rejects(session.request('textDocument/hover', {}), { code: -32602 });
  assert.strictEqual(await session.stop(), 0);
  assert.ok(fs.readFileSync(path.join(folder, 'refs.bib'), 'utf8').includes('@misc{vaswani2017attention,'));
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});

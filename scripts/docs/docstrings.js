// What is known of a public name, read by TypeScript: shapes from its docstring, errors from its code. For the tests of the engine
// and for the pages of `npm run docs`.
const ts = require('typescript')

/** The text of a symbol's `@shape`, or null. */
function ownShape(symbol, checker) {
  const tag = symbol.getJsDocTags(checker).find(({ name }) => name === 'shape')
  return tag ? ts.displayPartsToString(tag.text).trim() : null
}

/**
 * The shapes of a function's tensors: what its docstring says; else what the docstring of its type says (a `Unary` is like any other);
 * else those of the function that the docstring refers to (`{@link add} in place.`), which `lookup` finds by its name.
 */
function shapeOf(symbol, checker, lookup, seen = new Set()) {
  if (seen.has(symbol)) return null
  seen.add(symbol)
  const own = ownShape(symbol, checker)
  if (own !== null) return own
  for (const declaration of symbol.declarations ?? []) {
    if (ts.isExportSpecifier(declaration)) {
      const shape = shapeOf(checker.getExportSpecifierLocalTargetSymbol(declaration), checker, lookup, seen)
      if (shape !== null) return shape
    }
    const { type } = declaration
    if (type && ts.isTypeReferenceNode(type) && ts.isVariableDeclaration(declaration)) {
      const alias = checker.getSymbolAtLocation(type.typeName)
      const shape = alias && ownShape(original(alias, checker), checker)
      if (shape) return shape
    }
  }
  const [, name] = /\{@link (?:\w+\.)*(\w+)\s*\}/.exec(textOf(symbol, checker)) ?? []
  const other = name === undefined ? undefined : lookup(name)
  return other ? shapeOf(other, checker, lookup, seen) : null
}

function textOf(symbol, checker) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker))
}

/** What an exported name stands for, behind any re-export. */
function original(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

/** Whether calling it takes or gives a tensor. */
function handlesTensors(symbol, checker) {
  const place = symbol.valueDeclaration ?? symbol.declarations?.[0]
  if (!place) return false
  const type = checker.getTypeOfSymbolAtLocation(symbol, place)
  const mentions = (one) => /\bTensor(Args)?\b/.test(checker.typeToString(one, place, ts.TypeFormatFlags.NoTruncation))
  return type
    .getCallSignatures()
    .some(
      (signature) =>
        mentions(signature.getReturnType()) ||
        signature.getParameters().some((parameter) => mentions(checker.getTypeOfSymbolAtLocation(parameter, place))),
    )
}

/** Where the errors of single operations are; those of every call (wrong arguments, changes in place, backward) are not repeated for each. */
const ownErrors = /[\\/]engine[\\/](?:ops[\\/](?!op\.ts|view\.ts|methods\.ts)|nn[\\/]|random[\\/]|shape\.ts$)/

/**
 * What a function throws: `{ error, message, node }` for each error that it makes, or the engine's private functions that it calls;
 * `…` where the message has a value. `isPublic` tells which functions say so themselves.
 */
function errorsOf(symbol, checker, isPublic) {
  const found = []
  const seen = new Set()
  const visitSymbol = (one) => {
    if (!one || seen.has(one)) return
    seen.add(one)
    for (const declaration of one.declarations ?? []) {
      if (ownErrors.test(declaration.getSourceFile().fileName) && isCode(declaration)) visit(declaration)
    }
  }
  const visit = (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return // but a class that is extended
    if (isError(node)) {
      const [message] = node.arguments ?? []
      const error = node.expression.text.replace('PythonTypeError', 'TypeError')
      found.push({ error, message: message ? textIn(message) : '', node })
    }
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
      const used = checker.getSymbolAtLocation(node)
      const target = used && original(used, checker)
      if (target && !isPublic(target)) visitSymbol(target)
    }
    ts.forEachChild(node, visit)
  }
  visitSymbol(symbol)
  return found
}

/** `new RuntimeError(…)` */
function isError(node) {
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) && /Error$/.test(node.expression.text)
}

/** A declaration that holds code: a function, or what an operation is made of. */
function isCode(node) {
  return (
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    (ts.isVariableDeclaration(node) && node.initializer !== undefined)
  )
}

/** The text of a message, with `…` for each value in it. */
function textIn(node) {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
  }
  if (ts.isConditionalExpression(node)) return `${textIn(node.whenTrue)} or ${textIn(node.whenFalse)}`
  if (ts.isBinaryExpression(node)) return textIn(node.left) + textIn(node.right)
  return '…'
}

module.exports = { errorsOf, handlesTensors, isError, original, ownErrors, shapeOf, textOf }

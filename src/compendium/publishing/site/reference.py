"""The language of the notebooks as pages: a guide by examples, and what its docstrings say."""

import ast

from compendium.publishing.site.pages import page


def reference_pages(folder, guide):
    """The language of the notebooks: a guide by examples, and from its docstrings a page a module.

    The source is read and never run, which would import all that the notebooks need.

    Parameters
    ----------
    folder : pathlib.Path
        Of the package.
    guide : str
        MyST Markdown.

    Returns
    -------
    dict of str to str
        MyST Markdown by file name.
    """
    read = {
        f"{folder.name}.{path.stem}": ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[a-z]*.py"))
    }
    said = {name: (ast.get_docstring(tree) or "").partition("\n")[0] for name, tree in read.items()}
    found = {"reference.md": page("reference", guide=guide, modules=said)}
    for name, tree in read.items():
        about = numpydoc(ast.get_docstring(tree) or "")
        parts = [part for node in tree.body for part in _described(node, name)]
        found[f"{name}.md"] = page("module", module=name, about=about, parts=parts)
    return found


def _described(node, module, within=""):
    """What a page says of a function, or of a class and its public parts."""
    function = isinstance(node, ast.FunctionDef)
    documented = function or isinstance(node, ast.ClassDef)
    if not documented or node.name.startswith("_") or not ast.get_docstring(node):
        return []
    marks = {getattr(mark, "id", "") for mark in node.decorator_list} if function else set()
    kind = "class" if not function else "method" if within else "function"
    signature = f"({ast.unparse(node.args)})" if function else ""
    if within:
        signature = signature.replace("(self, ", "(").replace("(self)", "()")
        if marks & {"property", "cached_property"}:
            kind, signature = "property", ""
    path = f"{within}.{node.name}" if within else node.name
    found = [{"kind": kind, "name": f"{path}{signature}", "module": module,
              "text": numpydoc(ast.get_docstring(node))}]  # fmt: skip
    inner = [] if function else [_described(part, module, path) for part in node.body]
    return found + [part for parts in inner for part in parts]


def numpydoc(docstring):
    """A docstring as reStructuredText."""
    from sphinx.ext.napoleon import Config, NumpyDocstring  # it takes a while, and only this needs it

    return str(NumpyDocstring(docstring, Config(napoleon_use_rtype=False)))

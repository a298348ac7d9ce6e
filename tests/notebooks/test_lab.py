"""JupyterLab in a real browser: choices, a changed parameter, all cells again; nothing is written."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chapters import ROOT, copy_tree

# Nothing of JupyterLab's own may write either.
SETTINGS = {
    "docmanager-extension/plugin": {"autosave": False},
    "apputils-extension/notification": {"fetchNews": "false"},
}

RUN_ALL = "void window.jupyterapp.commands.execute('notebook:run-all-cells')"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the repository with the default study, in a folder whose name has a space."""
    top = copy_tree(tmp_path_factory.mktemp("lab") / "a copy")
    shutil.copytree(ROOT / "data" / "microcredentials", top / "data" / "microcredentials")
    return top


@pytest.fixture(scope="module")
def lab(browser, tree, tmp_path_factory, environment):
    """The address of a JupyterLab on that copy, with settings and runtime files of its own."""
    import jupyterlab_widgets

    home = tmp_path_factory.mktemp("home")
    for name, values in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    # Beside the packages: an environment may share them with another one.
    widgets = Path(jupyterlab_widgets.__file__).parents[4] / "share" / "jupyter" / "labextensions"
    own = {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("RUNTIME", "CONFIG", "DATA")}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "HOME": str(home),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "MPLCONFIGDIR": str(home / "mpl"),
            "IPYTHONDIR": str(home / "ipython"), "PYTHONPATH": str(tree / "src")}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0",
         "--ServerApp.root_dir=.", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True",
         f"--LabApp.extra_labextensions_path={widgets}",
         "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
        cwd=tree, env=environment | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield _address(process, home / "RUNTIME")
    finally:
        process.terminate()
        process.wait(60)


def _address(process, runtime):
    for _ in range(1200):
        for path in runtime.glob("jpserver-*.json"):
            if path.read_text().endswith("}"):  # all of it is there
                return json.loads(path.read_text())["url"]
        assert process.poll() is None, "JupyterLab ended"
        time.sleep(0.1)
    raise TimeoutError("JupyterLab did not start")


def state(tree):
    """Every file of the copy with its bytes, but compiled modules and what trial runs may write."""
    files = [path for path in sorted(tree.rglob("*")) if path.is_file()]
    return {
        path.relative_to(tree): path.read_bytes()
        for path in files
        if not {"__pycache__", ".ipynb_checkpoints", "scratch"} & {*path.parts}
    }


def test_the_blank_page_runs_answers_choices_and_writes_nothing(browser, lab, tree):
    before = state(tree)
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(120_000)  # a busy machine takes its time
    page.goto(f"{lab}lab/tree/notebooks/explore.ipynb")
    page.get_by_text("| Idle").wait_for()
    page.evaluate(RUN_ALL)
    page.wait_for_selector(".widget-html img")
    question, by, answer = (page.locator(".widget-dropdown select").nth(k) for k in range(3))
    assert answer.is_disabled()
    shown = page.locator(".widget-html")
    question.select_option("How familiar are you with the concept of micro-credentials?")
    shown.get_by_role("row", name="Not familiar 12 13.0 7.6 to 21.4").wait_for()
    by.select_option("How many people does your organisation employ?")
    answer.select_option("Not familiar")
    shown.get_by_role("img", name="Micro (1–9)").wait_for()
    assert shown.get_by_role("row").count() == 5
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('study = "tiny"\nitem = "rides"')
    page.evaluate(RUN_ALL)
    page.locator(".widget-dropdown option", has_text="How often do you ride?").first.wait_for(
        state="attached"
    )
    page.close()
    assert state(tree) == before

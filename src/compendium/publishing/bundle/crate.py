"""The provenance of a bundle as a Provenance Run Crate: which notebook made which file, from what.

RO-Crate 1.1 with the profile of Workflow Run RO-Crate for runs of several steps, version 0.5
(https://w3id.org/ro/wfrun/provenance/0.5). The Makefile is the workflow, each chapter a tool that it
ran. No time of a run is told: a run at another time gives the same files.
"""

import hashlib
import json
import mimetypes
from pathlib import PurePosixPath
from urllib.parse import quote

from compendium.publishing.bundle.codecheck import address, orcid
from compendium.publishing.bundle.contents import CRATE, SUMS
from compendium.publishing.bundle.datapackage import name
from compendium.publishing.bundle.ddi import HELD

CONTEXT = ["https://w3id.org/ro/crate/1.1/context",
           {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}]  # fmt: skip
WORKFLOWS = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    WORKFLOWS: ("Workflow RO-Crate", "1.0"),
}
FOLDERS = {"src": "Programs", "tests": "Tests", "report": "Sources of site, poster and report",
           ".github": "Continuous integration", ".ci": "Continuous integration"}  # fmt: skip
KINDS = {bool: "Boolean", int: "Integer", float: "Float"}  # of a parameter's value; else Text
TYPES = {".ipynb": "application/x-ipynb+json", ".yml": "application/yaml", ".cff": "application/yaml",
         ".md": "text/markdown", ".csv": "text/csv"}  # fmt: skip
LATER = ("4_", "5_")  # chapters that read the results of 1 to 3
DONE = "http://schema.org/CompletedActionStatus"
MANUAL = {"@id": "https://www.gnu.org/software/make/manual/"}
BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"


class _Graph(dict):
    """Entities by id, in the order in which they are named."""

    def add(self, id, kind, **fields):
        """Add an entity, or fields to one that is there; returns the reference to it."""
        told = {
            key: value[0] if isinstance(value, list) and len(value) == 1 else value
            for key, value in fields.items()
            if value not in (None, [])
        }
        self[id] = self.get(id, {"@id": id, "@type": kind}) | told
        return {"@id": id}


def crate(contents, files, shown, citation):
    """The metadata of a bundle.

    Parameters
    ----------
    contents : contents.Contents
    files : dict of str to bytes
        All files of the bundle but this one.
    shown : dict of str to Output
        As from `outputs.outputs`.
    citation : dict
        What ``CITATION.cff`` holds.

    Returns
    -------
    dict
        As ``ro-crate-metadata.json`` has it.
    """
    graph, instrument = _Graph(), contents.instrument
    conforms = [{"@id": "https://w3id.org/ro/crate/1.1"}, {"@id": WORKFLOWS}]
    graph.add(CRATE, "CreativeWork", about={"@id": "./"}, conformsTo=conforms)
    graph.add("./", "Dataset")
    parts = _parts(graph, contents, files, shown)
    people = [_author(graph, place, one) for place, one in enumerate(citation["authors"], 1)]
    named = citation.get("license", [])
    licences = [graph.add(f"https://spdx.org/licenses/{one}", "CreativeWork", name=one)
                for one in (named if isinstance(named, list) else [named])]  # fmt: skip
    trail = json.loads(contents.made[f"build/{contents.study}/results/provenance.json"])
    actions = _run(graph, contents, trail, shown, people[0])
    profiles = [graph.add(id, "CreativeWork", name=title, version=version)
                for id, (title, version) in PROFILES.items()]  # fmt: skip
    graph.add(
        "./", "Dataset", name=instrument.title, description=instrument.about or instrument.title,
        datePublished=contents.date, version=contents.commit, author=people,
        license=licences or instrument.licence,
        publisher=people[0], url=address(citation), conformsTo=profiles,
        identifier=graph.add("#digest", "PropertyValue", propertyID=f"SHA-256 of {SUMS}",
                             value=contents.digest),
        mainEntity={"@id": "Makefile"}, mentions=actions, hasPart=parts,
    )  # fmt: skip
    return {"@context": CONTEXT, "@graph": [*graph.values()]}


def _parts(graph, contents, files, shown):
    """All files, those of `FOLDERS` as a folder each; what was made names its results and sources."""
    found = {}
    for path, content in files.items():
        folder = path.partition("/")[0]
        if folder in FOLDERS:
            found[folder] = graph.add(f"{folder}/", "Dataset", name=FOLDERS[folder])
            continue
        suffix = PurePosixPath(path).suffix
        told = shown.get(path)
        found[path] = graph.add(
            quote(path), "File", name=told.name if told else path, contentSize=str(len(content)),
            encodingFormat=TYPES.get(suffix) or mimetypes.types_map.get(suffix) or "text/plain",
            sha256=hashlib.sha256(content).hexdigest(), keywords=told.results if told else None,
            isBasedOn={"@id": SUMS} if told else None,
        )  # fmt: skip
    graph.add(SUMS, "File", version=contents.commit)
    graph.add("README.md", "File", about={"@id": "./"})
    return [*found.values()]


def _author(graph, place, author):
    kind = "Person" if author.get("family-names") else "Organization"
    plain = orcid(author)
    id = f"https://orcid.org/{plain}" if plain else f"#author-{place}"
    return graph.add(id, kind, name=name(author))


def _run(graph, contents, trail, shown, agent):
    """The workflow, its steps, and an action for each of them and for the whole; those are returned."""
    software = [graph.add("https://www.python.org/", "SoftwareApplication", name="Python",
                          softwareVersion=trail["python"])]  # fmt: skip
    for package, version in trail["packages"].items():
        id = f"pkg:pypi/{package}@{version}"
        software.append(graph.add(id, "SoftwareApplication", name=package, softwareVersion=version))
    inputs = [_input(graph, contents, path) for path in trail["inputs"]]
    whole = graph.add(
        "#run", "CreateAction", name=f"make all STUDY={contents.study}", agent=agent, actionStatus=DONE,
        description="All chapters, then poster, handout and report.", instrument={"@id": "Makefile"},
        object=[*inputs, {"@id": "#study"}], result=[{"@id": quote(path)} for path in shown],
    )  # fmt: skip
    steps, runs, controls = [], [], []
    for place, chapter in enumerate(trail["parameters"], 1):
        tool = {"@id": f"notebooks/{chapter}.ipynb"}
        steps.append(graph.add(f"#step-{chapter}", "HowToStep", position=str(place), workExample=tool))
        runs.append(_run_of(graph, contents, chapter, trail, inputs, shown, agent))
        controls.append(graph.add(f"#control-{chapter}", "ControlAction", name=f"make ran {chapter}",
                                  instrument=steps[-1], object=runs[-1]))  # fmt: skip
    _workflow(graph, contents, steps, software)
    make = graph.add("https://www.gnu.org/software/make/", "SoftwareApplication", name="GNU make")
    order = graph.add("#order", "OrganizeAction", name="make", instrument=make, object=controls,
                      result=whole)  # fmt: skip
    return [whole, *runs, order]


def _run_of(graph, contents, chapter, trail, inputs, shown, agent):
    """The run of a chapter: with which parameters, from what, and what it made."""
    tool = f"notebooks/{chapter}.ipynb"
    pairs = [*_parameters(graph, chapter, trail["parameters"][chapter])]
    graph.add(tool, "File", input=[taken for taken, _ in pairs], version=contents.commit,
              programmingLanguage={"@id": "https://www.python.org/"})  # fmt: skip
    graph[tool]["@type"] = ["File", "SoftwareSourceCode"]
    early = [one for one in trail["parameters"] if one < "4"] if chapter[:2] in LATER else []
    read = [{"@id": f"build/{contents.study}/results/{one}.json"} for one in early]
    return graph.add(
        f"#run-{chapter}", "CreateAction", name=f"Run of {chapter}", agent=agent, actionStatus=DONE,
        description=f"papermill ran {tool} for the study {contents.study}.", instrument={"@id": tool},
        object=[*inputs, *read, *(value for _, value in pairs)],
        result=[{"@id": quote(path)} for path, one in shown.items() if one.chapter == chapter],
    )  # fmt: skip


def _workflow(graph, contents, steps, software):
    language = graph.add("#makefile", "ComputerLanguage", name="Makefile of GNU make", url=MANUAL)
    given = graph.add("#study", "PropertyValue", name="STUDY", value=contents.study)
    taken = graph.add("#STUDY", "FormalParameter", name="STUDY", additionalType="Text",
                      description="The study's folder in data", workExample=given)  # fmt: skip
    graph.add("#study", "PropertyValue", exampleOfWork=taken)
    tools = [graph[step["@id"]]["workExample"] for step in steps]
    graph.add(
        "Makefile", "File", input=taken, step=steps, hasPart=tools, version=contents.commit,
        programmingLanguage=language, softwareRequirements=software, conformsTo={"@id": BIOSCHEMAS},
    )  # fmt: skip
    graph.add(BIOSCHEMAS, "CreativeWork", name="Bioschemas profile of workflows", version="1.0-RELEASE")
    graph["Makefile"]["@type"] = ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"]


def _parameters(graph, chapter, values):
    """Each parameter of a chapter beside the value that it had."""
    for key, value in values.items():
        given = graph.add(f"#{chapter}-{key}-value", "PropertyValue", name=key, value=value)
        taken = graph.add(f"#{chapter}-{key}", "FormalParameter", name=key, workExample=given,
                          additionalType=KINDS.get(type(value), "Text"))  # fmt: skip
        graph.add(given["@id"], "PropertyValue", exampleOfWork=taken)
        yield taken, given


def _input(graph, contents, path):
    """A file that the chapters read; what is not in the bundle is named and described."""
    if f"data/{path}" in contents.sources:
        return {"@id": quote(f"data/{path}")}
    public = ":" in path
    says = "Read from the installed package" if public else HELD
    return graph.add(f"#input-{quote(path, safe='')}", "CreativeWork", name=path, description=says)

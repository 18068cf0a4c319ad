"""Reads one YAML file, and says with its line what is wrong with it. Pure: no Django."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class CurriculumError(ValueError):
    """One or more files are refused; `problems` has a line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Node(dict[str, Any]):
    """A mapping of a YAML file that remembers its file and line."""

    file = ""
    line = 0

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


class _Loader(yaml.SafeLoader):
    """Safe YAML whose mappings remember their line and whose keys stand once."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[Node]:
    mapping = Node()
    mapping.file, mapping.line = loader.name, node.start_mark.line + 1
    yield mapping
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise _refusal(f"the key {key!r} is not a word", key_node)
        if key in mapping:
            raise _refusal(f"{key!r} stands twice", key_node)
        mapping[key] = loader.construct_object(value_node, deep=True)


def _refusal(reason: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, reason, node.start_mark)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def name_of(file: Path) -> str:
    """Return a file's name with its folder's, as problems give it."""
    return f"{file.parent.name}/{file.name}"


def read_yaml(file: Path, kind: type, problems: list[str]) -> Any:
    """Return what a file holds, or None after noting why it cannot be read or is no such `kind`."""
    name = name_of(file)
    try:
        content = file.read_bytes().decode("utf-8")
        loader = _Loader(content)
        loader.name = name
        found = loader.get_single_data()
    except FileNotFoundError:
        problems.append(f"{name}:1: the file is missing")
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(f"{name}:{line}: the file is not UTF-8 ({error.reason})")
        return None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{name}:{line}: {error.problem}")
        return None
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        problems.append(f"{name}:{line}: {error.reason}")
        return None
    if not isinstance(found, kind):
        what = "a list" if kind is list else "keys with values"
        problems.append(f"{name}:1: the file must hold {what}")
        return None
    return found

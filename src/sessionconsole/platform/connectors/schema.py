"""The JSON Schema of the connector format, for editors that help while one writes (JSON Schema 2020-12)."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from sessionconsole.platform.connectors.format.connector import Connector

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "urn:sessionconsole:connector:1"


class _WithoutTitles(GenerateJsonSchema):
    """Titles made of the names of keys say nothing that the keys do not."""

    schema_dialect = DIALECT

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the name is pydantic's
        """Never."""
        return False

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        """TOML has no null: what may be left out is left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> dict[str, Any]:
        made = super().default_schema(schema)
        if made.get("default", ...) is None:
            del made["default"]
        return made


def json_schema() -> dict[str, Any]:
    """The schema as a document; a file that it takes may still have mistakes that only `connector check` finds."""
    made = Connector.model_json_schema(by_alias=True, schema_generator=_WithoutTitles)
    for part in (made, *made["$defs"].values()):
        part.pop("title", None)
        # Docstrings are wrapped for people who read the source.
        if "description" in part:
            part["description"] = " ".join(part["description"].split())
    return {
        "$schema": DIALECT,
        "$id": ID,
        "title": "sessionconsole connector, format 1",
        **made,
    }


def schema_text() -> str:
    """The schema as it is printed and published."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"

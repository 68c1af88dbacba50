"""The server: the tools and the resources, by the official SDK.

Owns: how a request of the protocol becomes a call of a tool, and an error a result that an assistant can read. Knows
nothing about transports or how a tool works.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS

import rag
from rag.errors import RagError
from rag.hosting.access import Caller
from rag.hosting.refused import ApiError
from rag.hosting.told import told
from rag.mcp_server.arguments import read_arguments, schema_of
from rag.mcp_server.call import Call
from rag.mcp_server.progress import Progress
from rag.mcp_server.resources import TEMPLATE, list_resources, read_resource
from rag.mcp_server.served import Served
from rag.mcp_server.threads import in_thread
from rag.mcp_server.tools import INSTRUCTIONS, TOOLS, Tool
from rag.text.shown import plain_line

_LOG = logging.getLogger(__name__)
_LONGEST_ERROR = 1000
_TOOLS = {tool.name: tool for tool in TOOLS}
# Of use only where there is something to choose from.
_LIST_INDEXES = "list_indexes"
_Context = ServerRequestContext[Any, Any]
_Result = TypeVar("_Result", bound=types.Result)
_Found = TypeVar("_Found")


def make_server(served: Served) -> Server[Any]:
    """Put the server together.

    Args:
        served: What the tools work with.

    Returns:
        The server, to be run over a transport.
    """

    async def on_list_tools(context: _Context, _: object) -> types.ListToolsResult:
        caller = caller_of(context)
        several = len(await _answered(lambda: served.names(caller))) > 1
        return types.ListToolsResult(
            tools=[_described(tool) for tool in TOOLS if several or tool.name != _LIST_INDEXES]
        )

    async def on_call_tool(context: _Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = _TOOLS.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool {plain_line(params.name)!r}.")
        report = context.session.report_progress
        call = Call(served, caller_of(context), Progress(lambda number, words: report(number, None, words)))
        async with anyio.create_task_group() as alongside:
            alongside.start_soon(call.progress.keep_alive)
            result = await _run(tool, call, params.arguments or {})
            alongside.cancel_scope.cancel()
        return result

    async def on_list_resources(
        context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        caller, cursor = caller_of(context), params.cursor if params else None
        return _encodable(await _answered(lambda: list_resources(served, caller, cursor)))

    async def on_read_resource(context: _Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        caller, address = caller_of(context), str(params.uri)
        return _encodable(await _answered(lambda: read_resource(served, caller, address)))

    async def on_list_templates(_: _Context, __: object) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[TEMPLATE])

    return Server(
        "footnote",
        version=rag.__version__,
        title="Footnote",
        instructions=INSTRUCTIONS,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
        on_list_resources=on_list_resources,
        on_read_resource=on_read_resource,
        on_list_resource_templates=on_list_templates,
    )


def caller_of(context: _Context) -> Caller:
    """Return who calls: whom the gate of the HTTP transport let in, else the one user of this process."""
    request = context.request
    caller = None if request is None else request.scope.get("state", {}).get("caller")
    if request is not None and caller is None:
        raise MCPError(INVALID_PARAMS, "Nobody was let in with this request.")
    return caller or Caller()


def sentence_of(error: Exception) -> str:
    """Return one sentence for an error; what nobody foresaw is logged with its traceback."""
    if isinstance(error, RagError):
        sentence = told(error).text()
    elif isinstance(error, ApiError):
        sentence = str(error)
    elif isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        sentence = "The index is busy with another process; try again in a moment."
    elif isinstance(error, sqlite3.DatabaseError):
        # Without the words of a document that SQLite may quote.
        cause = str(error).partition(" with text ")[0]
        sentence = f"The index is damaged or cannot be read ({cause}); the user mends it with: rag doctor --fix"
    else:
        _LOG.error("tool failed", extra={"error": type(error).__name__}, exc_info=error)
        sentence = (
            "Something unexpected happened; the server's log on standard error says more, and what of it can be "
            "reported without private data."
        )
    return plain_line(sentence, _LONGEST_ERROR)


async def _answered(work: Callable[[], _Found]) -> _Found:
    """Do in a thread what asks catalogs, and perhaps a database; an error is one of the protocol, in one sentence."""
    try:
        return await in_thread(work)
    except MCPError:
        raise
    except Exception as error:
        raise MCPError(types.INTERNAL_ERROR, sentence_of(error)) from None


async def _run(tool: Tool, call: Call, values: dict[str, Any]) -> types.CallToolResult:
    """Run a tool; an error is a result, which the assistant reads."""
    try:
        result = await tool.run(call, read_arguments(tool.arguments, values, tool.name))
    except Exception as error:
        words = sentence_of(error)
        return _encodable(types.CallToolResult(content=[types.TextContent(text=words)], is_error=True))
    return _encodable(
        types.CallToolResult(
            content=[types.TextContent(text=tool.words(result))], structured_content=result.model_dump(mode="json")
        )
    )


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=schema_of(tool.arguments),
        output_schema=schema_of(tool.result),
        annotations=types.ToolAnnotations(
            title=tool.title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


def _encodable(result: _Result) -> _Result:
    """Return a result whose texts can be written as UTF-8: the name of a file may hold bytes that no text has."""
    try:
        result.model_dump_json()
    except ValueError:
        return type(result).model_validate(_without_surrogates(result.model_dump(by_alias=True)))
    return result


def _without_surrogates(value: Any) -> Any:
    """Return plain data with a question mark for each half of a character, so that offsets stay what they are."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return [_without_surrogates(item) for item in value] if isinstance(value, list) else value

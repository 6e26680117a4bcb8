"""Routes that look at a request's head before its body is read, and at its JSON before anything is made of it."""

import json
import math
from collections.abc import Callable, Coroutine, Mapping, Sequence
from email.message import Message
from hmac import compare_digest
from typing import Annotated, Any, NoReturn, cast

from fastapi import Depends, Form, Request, Response
from fastapi.routing import APIRoute

from service.errors import MalformedBody, TokenMissing, TokenWrong, WrongContentType

TOKEN_HEADER = "X-Engage-Token"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonRoute(APIRoute):
    """Takes application/json only, and only JSON that means the same to everybody.

    Raises WrongContentType, MalformedBody.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            _require(request, "application/json")
            return await handle(_JsonRequest(request.scope, request.receive, await request.body()))

        return checked


class OwnerRoute(APIRoute):
    """For the owner of the library only: the token is looked at before the body is read.

    Raises TokenMissing, TokenWrong, WrongContentType.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            require_token(request.headers.get(TOKEN_HEADER), request)
            if request.method == "POST" and self.body_field is not None:
                _require(request, "multipart/form-data")
            return await handle(request)

        return checked


class OwnerJsonRoute(APIRoute):
    """The same for what is done without a file: takes nothing, or JSON that means the same to everybody.

    Raises TokenMissing, TokenWrong, WrongContentType, MalformedBody.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            require_token(request.headers.get(TOKEN_HEADER), request)
            body = await request.body()
            if body:
                _require(request, "application/json")
            return await handle(_JsonRequest(request.scope, request.receive, body))

        return checked


class _JsonRequest(Request):
    def __init__(self, scope: Any, receive: Any, body: bytes) -> None:
        super().__init__(scope, receive)
        self._body = body

    async def json(self) -> Any:
        return parse(await self.body())


def parse(body: bytes) -> object:
    """JSON in UTF-8 without what parsers differ on: NaN, infinities, a name twice, half a surrogate pair.

    Raises MalformedBody.
    """
    try:
        value = json.loads(
            body.decode("utf-8"), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_each_name_once
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except MalformedBody:
        raise
    except UnicodeEncodeError as error:
        raise MalformedBody(
            "The JSON holds half a surrogate pair (\\ud800 to \\udfff); send whole characters."
        ) from error
    except UnicodeDecodeError as error:
        raise MalformedBody(f"The body is not UTF-8 (byte {error.start}); send JSON in UTF-8.") from error
    except RecursionError as error:
        raise MalformedBody("The JSON is nested too deeply; send it as /openapi.json shows.") from error
    except ValueError as error:
        raise MalformedBody(f"The body is not JSON: {_where(error)}; correct it and send it again.") from error
    return value


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})"
    return "a number has too many digits"


def _refuse(constant: str) -> NoReturn:
    raise MalformedBody(f"{constant} is no number in JSON; leave it out or send null.")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise MalformedBody("A number in the JSON is too large; send a smaller one.")
    return number


def _each_name_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedBody("A name occurs twice in one object of the JSON; send each once.")
    return found


def _require(request: Request, wanted: str) -> None:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    if header.get_content_type() != wanted or "content-type" not in request.headers:
        raise WrongContentType(f"The body must be {wanted}; send it so, with that Content-Type.")


def require_token(given: str | None, request: Request) -> None:
    """Raises TokenMissing, TokenWrong."""
    if not given:
        raise TokenMissing(
            f"Only the owner of the library may do this; use 'engage add' or 'engage remove' on the machine "
            f"that runs the service, or send the token in {TOKEN_HEADER}."
        )
    if not compare_digest(given.encode(), cast(str, request.app.state.token).encode()):
        raise TokenWrong(
            "That is not the token of this run of the service; load the page anew and send it again, "
            "or use 'engage add' or 'engage remove' instead."
        )


async def _owners_form(request: Request, token: Annotated[str, Form()] = "") -> None:
    require_token(token, request)


OwnersForm = Depends(_owners_form)
"""For what a form of the pages changes: the page that it is on was for whoever may. Raises TokenMissing, TokenWrong."""


async def _typed(request: Request) -> Mapping[str, list[str]]:
    form = await request.form()
    return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


Typed = Annotated[Mapping[str, list[str]], Depends(_typed)]
"""All that was typed into a form of the pages, by the names of its inputs."""

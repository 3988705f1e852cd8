"""Pages of a list: how each kind of platform goes on, and how none of them leads this program in a circle."""

from __future__ import annotations

import json

import pytest

from sessionconsole.domain.errors import PlatformMisbehaved
from tests.helpers import run
from tests.platform.connectors.stand import LIST, page, stand
from tests.platform.faults import Answer, respond


def test_a_list_without_pages_is_asked_for_once() -> None:
    assert _read("", page(1, 2)) == (2, True, ["GET /sessions"])


def test_pages_are_counted_up_to_the_number_that_the_platform_tells() -> None:
    paging = '{ kind = "page", size_parameter = "size", size = 2, total_pages = "pages" }'
    assert _read(paging, page(1, 2, pages=2.0), page(3, pages="2")) == (
        3,
        True,
        ["GET /sessions?size=2&page=1", "GET /sessions?size=2&page=2"],
    )


def test_pages_may_begin_with_zero_and_tell_whether_another_one_follows() -> None:
    paging = '{ kind = "page", parameter = "p", first = 0, more = { path = "more", equals = true } }'
    assert _read(paging, page(1, more=True), page(2, more=False)) == (
        2,
        True,
        ["GET /sessions?p=0", "GET /sessions?p=1"],
    )


def test_a_page_past_the_end_may_be_refused() -> None:
    ends = LIST.replace('is = "ok" }]', 'is = "ok" }, { status = 404, is = "end-of-list" }]')
    file = ends.replace("[list.fields]", 'paging = { kind = "page" }\n\n[list.fields]')
    count, complete, asked = run(_counted(file, page(1), respond({"detail": "Invalid page."}, 404)))
    assert (count, complete, len(asked)) == (1, True, 2)


def test_a_short_page_is_not_the_last_one_because_platforms_cap_their_pages() -> None:
    paging = '{ kind = "offset", size = 100 }'
    assert _read(paging, page(*range(50)), page(*range(50, 70)), page()) == (
        70,
        True,
        [
            "GET /sessions?limit=100&offset=0",
            "GET /sessions?limit=100&offset=50",
            "GET /sessions?limit=100&offset=70",
        ],
    )


def test_rows_are_counted_up_to_the_number_that_the_platform_tells() -> None:
    paging = '{ kind = "offset", parameter = "skip", size_parameter = "take", size = 2, total = "total" }'
    assert _read(paging, page(1, 2, total=3), page(3, total=3))[2] == [
        "GET /sessions?take=2&skip=0",
        "GET /sessions?take=2&skip=2",
    ]


def test_a_platform_that_pays_no_heed_to_the_parameter_is_noticed() -> None:
    assert _read('{ kind = "offset" }', page(1, 2)) == (
        2,
        True,
        ["GET /sessions?limit=100&offset=0", "GET /sessions?limit=100&offset=2"],
    )


@pytest.mark.parametrize("second", [page(total=5), page(1, 2, total=5)], ids=["nothing", "the same again"])
def test_rows_that_are_counted_and_not_given_may_be_there(second: bytes) -> None:
    paging = '{ kind = "offset", size = 2, total = "total" }'
    assert _read(paging, page(1, 2, total=5), second)[:2] == (2, False)


@pytest.mark.parametrize(
    ("paging", "beside"),
    [
        ('{ kind = "page", total_pages = "pages" }', {"pages": 3}),
        ('{ kind = "cursor", parameter = "from", cursor = "body:next" }', {"next": "x"}),
    ],
    ids=["page", "cursor"],
)
def test_the_same_page_again_where_another_was_promised_is_not_the_end(
    paging: str, beside: dict[str, object]
) -> None:
    assert _read(paging, page(1, 2, **beside))[:2] == (2, False)


def test_an_empty_page_between_others_is_not_the_last() -> None:
    paging = '{ kind = "page", total_pages = "pages" }'
    assert _read(paging, page(1, pages=3), page(pages=3), page(2, pages=3))[:2] == (2, True)


@pytest.mark.parametrize("last", [None, "", 0, False])
def test_each_page_names_the_next_by_a_token(last: object) -> None:
    paging = '{ kind = "cursor", parameter = "from", cursor = "body:next", size_parameter = "n", size = 5 }'
    assert _read(paging, page(1, next="a b&c"), page(2, next=last)) == (
        2,
        True,
        ["GET /sessions?n=5", "GET /sessions?n=5&from=a%20b%26c"],
    )


def test_an_empty_page_with_a_token_is_not_the_last() -> None:
    paging = '{ kind = "cursor", parameter = "from", cursor = "body:next" }'
    assert _read(paging, page(next="x"), page(1))[0] == 1


def test_a_link_in_the_body_leads_on() -> None:
    assert _read('{ kind = "link", next = "body:next" }', page(1, next="/sessions?after=1"), page(2)) == (
        2,
        True,
        ["GET /sessions", "GET /sessions?after=1"],
    )


def test_a_link_is_read_against_the_page_that_has_it() -> None:
    deep = LIST.replace('path = "sessions"', 'path = "v1/sessions"').replace(
        "[list.fields]", 'paging = { kind = "link", next = "body:next" }\n\n[list.fields]'
    )
    count, _, asked = run(_counted(deep, page(1, next="?after=1"), page(2, next="../v2/more"), page(3)))
    assert (count, asked) == (
        3,
        ["GET /v1/sessions", "GET /v1/sessions?after=1", "GET /v2/more"],
    )


def test_a_link_in_the_header_leads_on() -> None:
    first = respond({"items": [{"id": 1}]}, Link='</other>; rel="prev", </sessions?page_token=x>; rel="next"')
    assert _read('{ kind = "link", next = "header:link" }', first, page(2))[2] == [
        "GET /sessions",
        "GET /sessions?page_token=x",
    ]


@pytest.mark.parametrize(
    "link", ["https://evil.example/sessions", "//evil.example/", "http://127.0.0.1:1/", "http://u@127.0.0.1/"]
)
def test_a_link_to_anywhere_else_is_not_followed(link: str) -> None:
    with pytest.raises(PlatformMisbehaved, match="another address"):
        _read('{ kind = "link", next = "body:next" }', page(1, next=link))


def test_links_in_a_circle_are_noticed() -> None:
    answers = [page(1, next="/sessions?a"), page(2, next="/sessions?b"), page(3, next="/sessions?a")]
    with pytest.raises(PlatformMisbehaved, match="do not come to an end"):
        _read('{ kind = "link", next = "body:next" }', *answers)


@pytest.mark.parametrize(
    ("body", "first", "second"),
    [
        (
            "json = { search = { offset = 9, asc = true } }",
            {"search": {"offset": 0, "asc": True, "limit": 2}},
            {"search": {"offset": 2, "asc": True, "limit": 2}},
        ),
        (
            'form = { all = "1" }',
            "all=1&search.limit=2&search.offset=0",
            "all=1&search.limit=2&search.offset=2",
        ),
    ],
    ids=["json", "form"],
)
def test_pages_may_be_asked_for_in_the_body(body: str, first: object, second: object) -> None:
    paging = (
        '{ kind = "offset", into = "body", size = 2, parameter = "search.offset", '
        'size_parameter = "search.limit" }'
    )
    file = LIST.replace('path = "sessions"', f'path = "sessions"\nmethod = "POST"\n{body}').replace(
        "[list.fields]", f"paging = {paging}\n\n[list.fields]"
    )

    async def story() -> None:
        async with stand(file, page(1, 2), page(3), page()) as opened:
            assert len((await opened.listed()).sessions) == 3
            bodies = [request.body.decode() for request in opened.server.requests]
            read = [json.loads(text) if isinstance(first, dict) else text for text in bodies]
            assert read[:2] == [first, second]
            assert opened.asked == ["POST /sessions"] * 3

    run(story())


def test_a_list_that_is_cut_at_its_cap_says_so() -> None:
    file = LIST.replace(
        "[list.fields]",
        'paging = { kind = "cursor", parameter = "c", cursor = "body:n" }\nmost_pages = 2\n\n[list.fields]',
    )
    count, complete, asked = run(_counted(file, page(1, n="a"), page(2, n="b"), page(3, n="c")))
    assert (count, complete, len(asked)) == (2, False, 2)


def test_a_row_that_moves_between_pages_while_they_are_read_counts_once() -> None:
    assert _read('{ kind = "offset", total = "total" }', page(1, 2, total=3), page(2, total=3))[0] == 2


def _read(paging: str, *answers: Answer) -> tuple[int, bool, list[str]]:
    file = LIST.replace("[list.fields]", f"paging = {paging}\n\n[list.fields]") if paging else LIST
    return run(_counted(file, *answers))


async def _counted(file: str, *answers: Answer) -> tuple[int, bool, list[str]]:
    async with stand(file, *answers) as opened:
        listing = await opened.listed()
        return len(listing.sessions), listing.complete, opened.asked

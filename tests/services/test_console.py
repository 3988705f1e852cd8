"""One home from the start to the end of the program."""

from __future__ import annotations

from contextlib import suppress

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import KeyringFull
from sessionconsole.services.console import Console
from sessionconsole.services.signing_in import SignInState, Stage
from sessionconsole.services.states import Link
from tests.helpers import run, until
from tests.services.desk import ADDRESS, STRANGER, Desk


def test_who_begins_to_watch_as_soon_as_signed_in_is_told_finds_the_stored_list_in_place() -> None:
    async def story(desk: Desk) -> None:
        first = await desk.signed_in()
        await first.watching.refresh()
        await first.close()

        console = desk.a_console()
        seen: list[tuple[Link, int]] = []

        def look(state: SignInState) -> None:
            if state.stage is Stage.SIGNED_IN:
                listed = console.watching.state.value
                seen.append((listed.link, len(listed.rows)))

        console.signing_in.state.subscribe(look)
        await console.start()

        assert seen == [(Link.CONNECTING, 3)]

    run(story(Desk()))


def test_the_first_answer_after_a_start_counts() -> None:
    async def story(desk: Desk) -> None:
        first = await desk.signed_in()
        await first.watching.refresh()
        await first.close()

        async with desk.at_work() as console:
            # The clock stands still, so there is no next turn to wait for.
            await until(lambda: console.watching.state.value.link is Link.LIVE)

    run(story(Desk()))


def test_a_sign_in_that_is_kept_nowhere_ends_with_the_program() -> None:
    async def story(desk: Desk) -> None:
        desk.vault.problem = KeyringFull()
        console = desk.a_console()
        await console.start()
        with suppress(KeyringFull):
            await console.signing_in.begin(ADDRESS, desk.operator.username, desk.operator.password)
        await console.close()

        assert desk.operator.calls.count("sign_out") == 1

    run(story(Desk()))


def test_a_sign_in_that_is_kept_outlives_the_program() -> None:
    async def story(desk: Desk) -> None:
        console = await desk.signed_in()
        await console.watching.refresh()
        await console.close()

        assert "sign_out" not in desk.operator.calls

    run(story(Desk()))


def test_thats_ours_can_be_taken_back() -> None:
    async def story(desk: Desk) -> None:
        console = await desk.signed_in()
        await console.watching.refresh()
        before = _level(console)

        await console.reviewing.say_ours(STRANGER.handle)
        assert "You said that this session is ours." in _speaks_for(console)
        await console.reviewing.take_back(STRANGER.handle)

        assert "You said that this session is ours." not in _speaks_for(console)
        assert _level(console) is before

    run(story(Desk()))


def _level(console: Console) -> Level:
    return next(
        r.assessment.level for r in console.watching.state.value.rows if r.session.handle == STRANGER.handle
    )


def _speaks_for(console: Console) -> tuple[str, ...]:
    return next(
        r.assessment.speaks_for
        for r in console.watching.state.value.rows
        if r.session.handle == STRANGER.handle
    )

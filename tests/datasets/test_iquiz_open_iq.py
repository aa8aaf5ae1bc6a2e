"""Every IQ question of iquiz-open is solved here independently of its stored answer.

Each solver works the answer out by brute force, with datetime or with exact fractions, and returns
a test that tells whether a choice states that answer.  The tests then check that the choice named
by `answer` passes, that no other choice does, and that the numbers and clues the solver relies on
are really in the question.
"""

from __future__ import annotations

import calendar
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any, TypeVar

import pytest

DATASETS = Path(__file__).parents[2] / "datasets"
FOLDERS = {"zh": "iquiz-open", "en": "iquiz-open-en"}
LANGUAGES = tuple(FOLDERS)
LETTERS = "ABCDE"
IDS = [f"iq-{number:03d}" for number in range(1, 41)]
FIELDS = ["id", "question", "choices", "answer", "level", "category", "explanation"]
CATEGORIES = {
    "逻辑": "logic",
    "计数": "counting",
    "比较": "comparison",
    "历法": "calendar",
    "空间": "space",
    "概率": "probability",
}

Row = dict[str, Any]
Matches = Callable[[str], bool]
Solver = Callable[[str, str], Matches]
World = TypeVar("World")

SOLVERS: dict[str, Solver] = {}


def load(language: str) -> list[Row]:
    text = (DATASETS / FOLDERS[language] / "IQ.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


ROWS: dict[str, dict[str, Row]] = {
    language: {row["id"]: row for row in load(language)} for language in LANGUAGES
}


# --- helpers ---------------------------------------------------------------------------------


def solves(question_id: str) -> Callable[[Solver], Solver]:
    def register(solver: Solver) -> Solver:
        assert question_id not in SOLVERS
        SOLVERS[question_id] = solver
        return solver

    return register


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def quoted(question: str) -> str:
    """The first text between curly double quotes."""
    found = re.search("“([^”]+)”", question)
    assert found is not None
    return found.group(1)


def is_number(value: int | Fraction) -> Matches:
    def matches(choice: str) -> bool:
        (stated,) = re.findall(r"\d+(?:/\d+)?", choice)
        return Fraction(stated) == value

    return matches


def is_text(language: str, *, zh: str, en: str) -> Matches:
    wanted = {"zh": zh, "en": en}[language]
    return lambda choice: choice == wanted


def is_time(hour: int, minute: int) -> Matches:
    def matches(choice: str) -> bool:
        stated_hour, stated_minute = numbers(choice)
        return (int(stated_hour), int(stated_minute)) == (hour, minute)

    return matches


def month_and_day(choice: str) -> tuple[int, int]:
    if found := re.search(r"(\d+)月(\d+)日", choice):
        return int(found.group(1)), int(found.group(2))
    found = re.search(r"(\d+) ([A-Z][a-z]+)", choice)
    assert found is not None
    return list(calendar.month_name).index(found.group(2)), int(found.group(1))


def is_date(day: date) -> Matches:
    return lambda choice: month_and_day(choice) == (day.month, day.day)


def is_weekday(language: str, weekday: int) -> Matches:
    return is_text(
        language, zh="星期" + "一二三四五六日"[weekday], en=list(calendar.day_name)[weekday]
    )


def only(values: Iterable[World]) -> World:
    """The single value that all possibilities share."""
    (value,) = set(values)
    return value


def worlds_allowed(
    question: str,
    language: str,
    worlds: Iterable[World],
    clues: Sequence[tuple[str, str, Callable[[World], bool]]],
) -> list[World]:
    """The possible worlds in which every clue holds; the clues must be quoted from the question."""
    for zh, en, _ in clues:
        assert {"zh": zh, "en": en}[language] in question
    allowed = [world for world in worlds if all(holds(world) for _, _, holds in clues)]
    assert allowed
    return allowed


def named(language: str, names: Sequence[tuple[str, str]], index: int) -> Matches:
    zh, en = names[index]
    return is_text(language, zh=zh, en=en)


def index_of_smallest(values: Sequence[Fraction | int]) -> int:
    (index,) = [i for i, value in enumerate(values) if value == min(values)]
    return index


def index_of_second_smallest(values: Sequence[Fraction | int]) -> int:
    assert len(set(values)) == len(values)
    return list(values).index(sorted(values)[1])


# --- the solvers, in the order of the questions ----------------------------------------------


@solves("iq-001")
def breakfast(question: str, language: str) -> Matches:
    dishes = [
        ("包子", "toast"),
        ("油条", "muesli"),
        ("豆腐脑", "pancakes"),
        ("煎饼果子", "scrambled eggs"),
    ]
    assert all({"zh": zh, "en": en}[language] in question for zh, en in dishes)
    long_names = [i for i, (zh, en) in enumerate(dishes) if len(zh) == 4 and " " in en]
    zhou, tang, _, mei = range(4)
    worlds = worlds_allowed(
        question,
        language,
        permutations(range(4)),
        [
            (
                "小唐点的那样，名字正好四个字",
                "Theo’s dish has a two-word name",
                lambda w: w[tang] in long_names,
            ),
            (
                "老周没点包子，也没点油条",
                "Nora orders neither toast nor muesli",
                lambda w: w[zhou] not in (0, 1),
            ),
            (
                "梅姐平时最爱油条，今天偏偏没点",
                "Hank usually has muesli, but not today",
                lambda w: w[mei] != 1,
            ),
        ],
    )
    return named(language, dishes, only(world[zhou] for world in worlds))


@solves("iq-002")
def two_shirts(question: str, language: str) -> Matches:
    shops = [
        ("衣铺", "Tee Time"),
        ("百货楼", "Cottonwood"),
        ("街角店", "Knits"),
        ("乐乐服饰城", "The Shirt Palace"),
    ]
    full = 2 * 150
    prices = [
        Fraction(full * (100 - 26), 100),
        Fraction(full - full // 100 * 28),
        150 + Fraction(150, 2),
        Fraction(full - 79),
    ]
    return named(language, shops, index_of_smallest(prices))


@solves("iq-003")
def red_sock(question: str, language: str) -> Matches:
    drawers = {"left": ["red"] * 2 + ["blue"], "right": ["red"] + ["blue"] * 3}
    red = {
        side: sum(Fraction(1, 2) / len(socks) for sock in socks if sock == "red")
        for side, socks in drawers.items()
    }
    return is_number(Fraction(red["left"] / (red["left"] + red["right"])))


@solves("iq-004")
def one_character(question: str, language: str) -> Matches:
    assert {"zh": "几个“石”字", "en": "the letter t, upper or lower case,"}[language] in question
    return is_number(quoted(question).lower().count({"zh": "石", "en": "t"}[language]))


@solves("iq-005")
def landing(question: str, language: str) -> Matches:
    take_off = datetime(2027, 2, 28, 23, 40)
    local = take_off + timedelta(hours=12, minutes=50) - timedelta(hours=13)

    def matches(choice: str) -> bool:
        hour, minute = map(int, choice[-5:].lstrip("日 ").split(":"))
        return (*month_and_day(choice), hour, minute) == (
            local.month,
            local.day,
            local.hour,
            local.minute,
        )

    return matches


@solves("iq-006")
def cinema_seats(question: str, language: str) -> Matches:
    names = [
        ("贝贝", "Bea"),
        ("小柯", "Kofi"),
        ("阿丹", "Dana"),
        ("老冯", "Finn"),
        ("唐一鸣", "Tabitha"),
    ]
    bea, kofi, dana, finn, tabitha = range(5)
    worlds = worlds_allowed(
        question,
        language,
        permutations(range(1, 6)),
        [
            (
                "贝贝和小柯之间恰好隔着两个人",
                "Exactly two people sit between Bea and Kofi",
                lambda seat: abs(seat[bea] - seat[kofi]) == 3,
            ),
            ("小柯不坐两端", "Kofi is not at either end", lambda seat: seat[kofi] not in (1, 5)),
            (
                "阿丹的座位号比老冯大",
                "Dana’s seat number is higher than Finn’s",
                lambda seat: seat[dana] > seat[finn],
            ),
            (
                "唐一鸣左右都有人，而且两边都不是老冯",
                "Tabitha has a neighbour on both sides, and neither of them is Finn",
                lambda seat: seat[tabitha] not in (1, 5) and abs(seat[tabitha] - seat[finn]) != 1,
            ),
            (
                "阿丹和贝贝不相邻",
                "Dana and Bea do not sit next to each other",
                lambda seat: abs(seat[dana] - seat[bea]) != 1,
            ),
        ],
    )
    return named(language, names, only(seat.index(3) for seat in worlds))


@solves("iq-007")
def fifty_metres(question: str, language: str) -> Matches:
    names = [("小麦", "Mia"), ("果果", "Leo"), ("王一诺", "Hannah"), ("欧阳朵朵", "Augustine")]
    times = [Fraction(time) for time in ("8.3", "8.09", "8.1", "8.125")]
    return named(language, names, index_of_second_smallest(times))


@solves("iq-008")
def clock_in_the_mirror(question: str, language: str) -> Matches:
    def hands(minutes: int) -> tuple[Fraction, Fraction]:
        return Fraction(minutes, 2) % 360, Fraction(minutes * 6) % 360

    def mirrored(minutes: int) -> tuple[Fraction, Fraction]:
        hour_hand, minute_hand = hands(minutes)
        return -hour_hand % 360, -minute_hand % 360

    real = only(m for m in range(12 * 60) if mirrored(m) == hands(10 * 60 + 50))
    return is_time(*divmod(real + 25, 60))


@solves("iq-009")
def exact_change(question: str, language: str) -> Matches:
    ways = [
        coins
        for coins in product(range(12 + 1), range(3 + 1), range(2 + 1))
        if coins[0] * 1 + coins[1] * 5 + coins[2] * 10 == 2 * 10
    ]
    return is_number(len(ways))


@solves("iq-010")
def library_book(question: str, language: str) -> Matches:
    last_days = [date(year, 4, 20) + timedelta(days=21 - 1) for year in (2027, 2028)]
    assert len({(day.month, day.day) for day in last_days}) == 1
    return is_date(last_days[0])


@solves("iq-011")
def same_flavour(question: str, language: str) -> Matches:
    pairs = list(combinations("aaabbc", 2))
    return is_number(Fraction(sum(first == second for first, second in pairs), len(pairs)))


@solves("iq-012")
def two_walks(question: str, language: str) -> Matches:
    hilly = Fraction(12, 4) + Fraction(12, 6)
    flat = Fraction(24, 5) + Fraction(10, 60)
    lead = (hilly - flat) * 60
    if lead > 0:
        return is_text(language, zh=f"阿川早{lead}分钟", en=f"Chloe, by {lead} minutes")
    if lead < 0:
        return is_text(language, zh=f"小岳早{-lead}分钟", en=f"Ravi, by {-lead} minutes")
    return is_text(language, zh="同时走完", en="They finish together")


@solves("iq-013")
def turning(question: str, language: str) -> Matches:
    directions = [
        ("北", "north"),
        ("东北", "north-east"),
        ("东", "east"),
        ("东南", "south-east"),
        ("南", "south"),
        ("西南", "south-west"),
        ("西", "west"),
        ("西北", "north-west"),
    ]
    heading = (0 + 90 + 180 + 45 - 90) % 360
    return named(language, directions, heading // 45)


@solves("iq-014")
def tower_race(question: str, language: str) -> Matches:
    names = [
        ("顾哥", "Gil"),
        ("阿莫", "Amos"),
        ("秦老板", "Quentin"),
        ("丁小北", "Dinah"),
        ("欧阳阿姨", "Mrs Abernathy"),
    ]
    gil, amos, quentin, dinah, _ = range(5)
    worlds = worlds_allowed(
        question,
        language,
        permutations(range(1, 6)),
        [
            (
                "顾哥后面恰好还有两个人",
                "Exactly two people finish after Gil",
                lambda place: place[gil] == 3,
            ),
            (
                "紧跟在顾哥后面到顶的是阿莫",
                "Amos finishes immediately after Gil",
                lambda place: place[amos] == place[gil] + 1,
            ),
            (
                "秦老板既不是第一名也不是最后一名",
                "Quentin is neither first nor last",
                lambda place: place[quentin] not in (1, 5),
            ),
            ("丁小北不是最后一名", "Dinah is not last", lambda place: place[dinah] != 5),
        ],
    )
    return named(language, names, only(place.index(1) for place in worlds))


@solves("iq-015")
def fast_alarm_clock(question: str, language: str) -> Matches:
    shown = (11 - 6) * 60
    real = only(minutes for minutes in range(24 * 60) if minutes * 75 == shown * 60)
    return is_time(*divmod(6 * 60 + real, 60))


@solves("iq-016")
def red_ball_put_back(question: str, language: str) -> Matches:
    box = ["red"] * 4 + ["blue"] * 3 + ["green"] * 5
    return is_number(Fraction(box.count("red"), len(box)))


@solves("iq-017")
def different_characters(question: str, language: str) -> Matches:
    return is_number(len({sign for sign in quoted(question).lower() if sign.isalpha()}))


@solves("iq-018")
def certain_of_two_pairs(question: str, language: str) -> Matches:
    draws = list(product(range(9 + 1), range(6 + 1), range(1 + 1)))
    certain = [
        taken
        for taken in range(9 + 6 + 1 + 1)
        if all(red >= 2 and blue >= 2 for red, blue, grey in draws if red + blue + grey == taken)
    ]
    return is_number(min(certain))


@solves("iq-019")
def bell_and_cat(question: str, language: str) -> Matches:
    worlds = worlds_allowed(
        question,
        language,
        [
            {"watered": watered, "jumped": jumped, "rang": rang}
            for watered, jumped, rang in product((True, False), repeat=3)
        ],
        [
            ("只做其中一件", "does exactly one of two things", lambda w: True),
            (
                "只要他浇花，猫就会跳上柜顶",
                "Whenever he waters the plants, the cat jumps onto the cupboard",
                lambda w: w["jumped"] or not w["watered"],
            ),
            (
                "只要猫跳上柜顶，柜顶的小铃铛就一定会响",
                "whenever the cat jumps onto the cupboard, the little bell up there rings",
                lambda w: w["rang"] or not w["jumped"],
            ),
            (
                "今天整个下午铃铛都没响",
                "This afternoon the bell did not ring at all",
                lambda w: not w["rang"],
            ),
        ],
    )

    def matches(choice: str) -> bool:
        watered = {"zh": "浇", "en": "watered"}[language] in choice
        played = {"zh": "棋", "en": "played chess"}[language] in choice
        stayed_down = {"zh": "没上柜顶", "en": "stayed down"}[language] in choice
        assert watered != played
        return all(w["watered"] == watered and w["jumped"] != stayed_down for w in worlds)

    return matches


@solves("iq-020")
def to_the_sports_hall(question: str, language: str) -> Matches:
    names = [("阿福", "Ida"), ("大宝", "Bruno"), ("徐老师", "Celia"), ("东方阿姨", "Max")]
    trips = [(0, "6"), (4, "9"), (10, "13.5"), (18, "36")]
    arrivals = [start + Fraction("3.6") / Fraction(speed) * 60 for start, speed in trips]
    return named(language, names, index_of_second_smallest(arrivals))


@solves("iq-021")
def rolling_die(question: str, language: str) -> Matches:
    steps = ["east", "north", "east", "south"]
    if language == "zh":
        assert "依次向东、向北、向东、向南各翻滚一格" in question
    else:
        assert (
            "first to the east, then to the north, then to the east, then to the south" in question
        )
    faces = {"top": 1, "bottom": 6, "north": 2, "south": 5, "east": 3, "west": 4}
    opposite = {"east": "west", "west": "east", "north": "south", "south": "north"}
    for ahead in steps:
        behind = opposite[ahead]
        faces = faces | {
            ahead: faces["top"],
            "bottom": faces[ahead],
            behind: faces["bottom"],
            "top": faces[behind],
        }
    return is_number(faces["top"] + faces["north"])


@solves("iq-022")
def steps_home(question: str, language: str) -> Matches:
    return is_number(sum(18 for floor in range(1, 100) if 2 <= floor < 7))


@solves("iq-023")
def leap_days(question: str, language: str) -> Matches:
    days = (date(2088, 3, 1) + timedelta(days=n) for n in range(30 * 366))
    found = [day for day in days if (day.month, day.day) == (2, 29) and day <= date(2110, 12, 31)]
    return is_number(len(found))


@solves("iq-024")
def swimming_sunday(question: str, language: str) -> Matches:
    start = date(2026, 7, 10)
    assert start.strftime("%A") == "Friday"
    together = (start + timedelta(days=n) for n in range(1, 1000) if n % 6 == 0 and n % 8 == 0)
    return is_date(next(day for day in together if day.strftime("%A") == "Sunday"))


@solves("iq-025")
def iced_tea(question: str, language: str) -> Matches:
    names = [("小夏", "Sam"), ("老范", "Gus"), ("阿木木", "Olga"), ("大刘哥", "Tariq")]
    drunk = [
        550 * Fraction(3, 5),
        800 * Fraction(2, 5),
        700 * Fraction(3, 7),
        540 * Fraction(5, 9),
    ]
    return named(language, names, index_of_smallest([-amount for amount in drunk]))


@solves("iq-026")
def three_floors(question: str, language: str) -> Matches:
    exits = list(product((2, 3, 4, 5), repeat=3))
    return is_number(Fraction(sum(len(set(floors)) == 3 for floors in exits), len(exits)))


@solves("iq-027")
def all_three_skills(question: str, language: str) -> Matches:
    # Hand out "cannot do it" marks member by member; a state is how many of each kind are handed
    # out so far, and its value is the smallest number of members without any mark.
    states = {(0, 0, 0): 0}
    limits = (30 - 26, 30 - 25, 30 - 24)
    for _ in range(30):
        following: dict[tuple[int, int, int], int] = {}
        for (a, b, c), complete in states.items():
            for marks in product((0, 1), repeat=3):
                state = (a + marks[0], b + marks[1], c + marks[2])
                if all(count <= limit for count, limit in zip(state, limits, strict=True)):
                    value = complete + (not any(marks))
                    following[state] = min(value, following.get(state, value))
        states = following
    return is_number(states[limits])


@solves("iq-028")
def two_days_after_yesterday(question: str, language: str) -> Matches:
    saturday = 5
    today = only(day for day in range(7) if (day - 1 + 2) % 7 == (saturday - 1) % 7)
    return is_weekday(language, today)


@solves("iq-029")
def folded_strip(question: str, language: str) -> Matches:
    def folded(place: Fraction) -> Fraction:
        length = Fraction(1)
        for _ in range(3):
            place = min(place, length - place)
            length /= 2
        return place

    cuts = {Fraction(1, 8) * Fraction(1, 3), Fraction(1, 8) * Fraction(2, 3)}
    severed = [n for n in range(1, 240) if folded(Fraction(n, 240)) in cuts]
    return is_number(len(severed) + 1)


@solves("iq-030")
def printed_digits(question: str, language: str) -> Matches:
    return is_number(len("".join(str(page) for page in range(1, 149 + 1, 2))))


@solves("iq-031")
def marching_band(question: str, language: str) -> Matches:
    columns = only(
        n for n in range(1, 50) if any((c, n + 1 - c) == (5, 8) for c in range(1, n + 1))
    )
    rows = only(n for n in range(1, 50) if any((r, n + 1 - r) == (3, 6) for r in range(1, n + 1)))
    return is_number(columns * rows)


@solves("iq-032")
def four_locks(question: str, language: str) -> Matches:
    locks = [
        ("数字密码锁", "dial lock"),
        ("字母锁", "letter lock"),
        ("方向锁", "joystick lock"),
        ("拨杆挂锁", "switch lock"),
    ]
    codes = [10**6, 26**4, 4**9, 2**20]
    return named(language, locks, index_of_smallest([-count for count in codes]))


@solves("iq-033")
def fifty_three_tuesdays(question: str, language: str) -> Matches:
    def tuesdays(year: int) -> int:
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        return sum(day.strftime("%A") == "Tuesday" for day in days)

    weekdays = {
        date(year, 10, 1).weekday()
        for year in range(2001, 2101)
        if not calendar.isleap(year) and tuesdays(year) == 53
    }
    if len(weekdays) == 1:
        return is_weekday(language, only(weekdays))
    return is_text(language, zh="无法确定", en="cannot be determined")


@solves("iq-034")
def seventh_ticket(question: str, language: str) -> Matches:
    # The winning tickets are equally likely to sit at any 5 of the 30 places in the drawing order.
    given = [places for places in combinations(range(1, 30 + 1), 5) if places[0] > 6]
    return is_number(Fraction(sum(7 in places for places in given), len(given)))


@solves("iq-035")
def a_six_given_the_total(question: str, language: str) -> Matches:
    given = [dice for dice in product(range(1, 7), repeat=2) if sum(dice) >= 9]
    return is_number(Fraction(sum(6 in dice for dice in given), len(given)))


@solves("iq-036")
def iced_cake(question: str, language: str) -> Matches:
    def iced_faces(x: int, y: int, z: int) -> int:
        return (x == 0) + (x == 3) + (y == 0) + (y == 3) + (z == 2)

    cubes = list(product(range(4), range(4), range(3)))
    assert len(cubes) == 48
    return is_number(sum(iced_faces(*cube) == 2 for cube in cubes))


@solves("iq-037")
def cut_out_letters(question: str, language: str) -> Matches:
    supply = Counter(quoted(question))
    return lambda choice: Counter(choice) <= supply


@solves("iq-038")
def last_slice_of_cake(question: str, language: str) -> Matches:
    names = [("阿春", "April"), ("夏夏", "May"), ("秋秋姐", "June"), ("冬冬哥", "Augustus")]
    april, _, june, augustus = range(4)
    statements: list[tuple[str, str, Callable[[int], bool]]] = [
        (
            "阿春说：“是我或者秋秋姐吃的。”",
            "April says, “It was me or June.”",
            lambda w: w in (april, june),
        ),
        ("夏夏说：“不是冬冬哥吃的。”", "May says, “It was not Augustus.”", lambda w: w != augustus),
        ("秋秋姐说：“不是我吃的。”", "June says, “It was not me.”", lambda w: w != june),
        (
            "冬冬哥说：“是我或者阿春吃的。”",
            "Augustus says, “It was me or April.”",
            lambda w: w in (augustus, april),
        ),
    ]
    for zh, en, _ in statements:
        assert {"zh": zh, "en": en}[language] in question
    worlds = worlds_allowed(
        question,
        language,
        range(4),
        [
            (
                "四句话里恰好有两句是假话",
                "Exactly two of these four statements are false",
                lambda w: sum(not says(w) for _, _, says in statements) == 2,
            ),
            (
                "吃蛋糕的人说的是假话",
                "the one who ate the cake made a false statement",
                lambda w: not statements[w][2](w),
            ),
        ],
    )
    return named(language, names, only(worlds))


@solves("iq-039")
def lightest_cat(question: str, language: str) -> Matches:
    names = [("是阿布", "Abu"), ("是小可", "Coco"), ("是大白", "Snowy"), ("是团团", "Tuppence")]
    abu, coco, snowy, tuppence = range(4)
    worlds = worlds_allowed(
        question,
        language,
        permutations(range(4)),
        [
            ("阿布比小可重", "Abu is heavier than Coco", lambda weight: weight[abu] > weight[coco]),
            (
                "大白比小可重",
                "Snowy is heavier than Coco",
                lambda weight: weight[snowy] > weight[coco],
            ),
            (
                "团团比大白轻",
                "Tuppence is lighter than Snowy",
                lambda weight: weight[tuppence] < weight[snowy],
            ),
        ],
    )
    lightest = {weight.index(0) for weight in worlds}
    if len(lightest) == 1:
        return named(language, names, only(lightest))
    return is_text(language, zh="无法断定", en="cannot be determined")


@solves("iq-040")
def no_fours(question: str, language: str) -> Matches:
    return is_number(sum("4" not in str(number) for number in range(1, 120 + 1)))


# --- the numbers the solvers were written for, in the order in which the questions state them --

PINNED: dict[str, dict[str, str]] = {
    "iq-002": {"zh": "150 100 28 100 28 79", "en": "150 26 28 100 79"},
    "iq-003": {"zh": "2 1 1 3", "en": "2 1 1 3"},
    "iq-005": {"zh": "2027 2027 2 28 23 40 12 50 13", "en": "2027 28 2027 23 40 12 50 13"},
    "iq-006": {"zh": "1 5 3", "en": "1 5 3"},
    "iq-007": {"zh": "50 8.3 8.09 8.1 8.125", "en": "50 8.3 8.09 8.1 8.125"},
    "iq-008": {"zh": "12 10 50 25", "en": "12 10 50 25"},
    "iq-009": {"zh": "1 5 1 1 10 12 1 3 5 2 1 2", "en": "10 50 1 1 100 12 10 3 50 2 1 2"},
    "iq-010": {"zh": "1 21 4 20", "en": "1 21 20"},
    "iq-011": {"zh": "3 2 1", "en": "3 2 1"},
    "iq-012": {"zh": "24 12 4 12 6 5 10", "en": "24 12 4 12 6 5 10"},
    "iq-013": {"zh": "90 180 45 90", "en": "90 180 45 90"},
    "iq-015": {"zh": "60 75 6 00 11 00", "en": "60 75 6 00 11 00"},
    "iq-016": {"zh": "4 3 5", "en": "4 3 5"},
    "iq-018": {"zh": "9 6 1 2 2", "en": "9 6 1 2 2"},
    "iq-020": {
        "zh": "3.6 8 00 6 8 04 9 8 10 13.5 8 18 36",
        "en": "3.6 8 00 6 8 04 9 8 10 13.5 8 18 36",
    },
    "iq-021": {"zh": "7 1 2 3 90", "en": "7 1 2 3 90"},
    "iq-022": {"zh": "7 18 2 2 2", "en": "7 18 2 2"},
    "iq-023": {"zh": "4 100 400 2088 2 29 2110 12 31 2 29", "en": "4 100 400 29 2088 31 2110 29"},
    "iq-024": {"zh": "2026 7 10 6 7 16 7 22 8 7 18 7 26 7 10", "en": "10 2026 6 16 22 8 18 26 10"},
    "iq-025": {"zh": "550 3 5 800 2 5 700 3 7 540 5 9", "en": "3 5 550 2 5 800 3 7 700 5 9 540"},
    "iq-026": {"zh": "1 2 3 4 5", "en": "1 2 3 4 5"},
    "iq-027": {"zh": "30 26 25 24", "en": "30 26 25 24"},
    "iq-029": {"zh": "3 1 3 2 3", "en": "3 1 3 2 3"},
    "iq-030": {"zh": "1 149 1 3 5 149 13 2", "en": "1 149 1 3 5 149 13 2"},
    "iq-031": {"zh": "5 8 3 6", "en": "5 8 3 6"},
    "iq-032": {"zh": "6 0 9 4 26 9 20", "en": "6 0 9 4 26 9 20"},
    "iq-033": {"zh": "365 53 10 1", "en": "365 53 1"},
    "iq-034": {"zh": "30 5 6 7", "en": "30 5 6 7"},
    "iq-035": {"zh": "9 6", "en": "9 6"},
    "iq-036": {"zh": "4 4 3 48 1", "en": "4 4 3 48 1"},
    "iq-040": {"zh": "1 4 120", "en": "1 4 120"},
}

# --- tests -----------------------------------------------------------------------------------

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_id = pytest.mark.parametrize("question_id", IDS)


@each_language
def test_the_file_has_forty_questions_in_order_and_in_plain_utf8(language: str) -> None:
    raw = (DATASETS / FOLDERS[language] / "IQ.jsonl").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    lines = raw.decode("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["id"] for row in rows] == IDS
    assert lines == [json.dumps(row, ensure_ascii=False) for row in rows]


def test_every_question_has_a_solver() -> None:
    assert sorted(SOLVERS) == IDS


@each_language
@each_id
def test_the_answer_and_no_other_choice_is_what_the_solver_computes(
    question_id: str, language: str
) -> None:
    row = ROWS[language][question_id]
    matches = SOLVERS[question_id](row["question"], language)
    correct = [LETTERS[i] for i, choice in enumerate(row["choices"]) if matches(choice)]
    assert correct == [row["answer"]]


@each_language
@each_id
def test_the_question_states_the_numbers_the_solver_was_written_for(
    question_id: str, language: str
) -> None:
    expected = PINNED.get(question_id, {"zh": "", "en": ""})[language].split()
    assert numbers(ROWS[language][question_id]["question"]) == expected


@each_language
@each_id
def test_a_question_has_the_agreed_fields_and_different_choices(
    question_id: str, language: str
) -> None:
    row = ROWS[language][question_id]
    assert list(row) == FIELDS
    assert row["question"].strip()
    assert row["explanation"].strip()
    assert 3 <= len(row["choices"]) <= 5
    assert row["answer"] in LETTERS[: len(row["choices"])]
    assert row["level"] in (1, 2, 3)
    plain = {"".join(unicodedata.normalize("NFKC", choice).split()) for choice in row["choices"]}
    assert len(plain) == len(row["choices"])
    assert not any(re.match(r"[A-Ea-e][.、):：)]", choice) for choice in row["choices"])


@each_id
def test_both_languages_agree_on_level_category_and_number_of_choices(question_id: str) -> None:
    chinese, english = ROWS["zh"][question_id], ROWS["en"][question_id]
    assert chinese["level"] == english["level"]
    assert CATEGORIES[chinese["category"]] == english["category"]
    assert len(chinese["choices"]) == len(english["choices"])


@each_language
def test_levels_categories_and_numbers_of_choices_are_mixed(language: str) -> None:
    rows = ROWS[language].values()
    assert Counter(row["level"] for row in rows) == {1: 14, 2: 14, 3: 12}
    assert Counter(len(row["choices"]) for row in rows) == {3: 6, 4: 24, 5: 10}
    per_category = Counter(row["category"] for row in rows)
    assert len(per_category) == len(CATEGORIES)
    assert all(5 <= count <= 9 for count in per_category.values())


@each_language
def test_no_letter_is_favoured(language: str) -> None:
    rows = ROWS[language].values()
    for size in (3, 4, 5):
        counts = Counter(row["answer"] for row in rows if len(row["choices"]) == size)
        tally = [counts[letter] for letter in LETTERS[:size]]
        assert max(tally) - min(tally) <= 1
    assert max(Counter(row["answer"] for row in rows).values()) < 0.4 * len(rows)


@each_language
@pytest.mark.parametrize("extreme", [min, max])
def test_choosing_by_length_is_right_in_less_than_two_fifths(
    language: str, extreme: Callable[[Iterable[int]], int]
) -> None:
    rows = ROWS[language].values()
    hits = 0
    for row in rows:
        lengths = [len(choice) for choice in row["choices"]]
        hits += lengths[LETTERS.index(row["answer"])] == extreme(lengths)
    assert hits < 0.4 * len(rows)

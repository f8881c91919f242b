"""Article pages as the stock themes of content systems print them: their frame is theirs, the texts are ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
NOMINATIVES = "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь".split()
SHORT = "Янв Фев Мар Апр Май Июн Июл Авг Сен Окт Ноя Дек".split()
ENGLISH = "January February March April May June July August September October November December".split()
WEEKDAYS = "Понедельник Вторник Среда Четверг Пятница Суббота Воскресенье".split()
SHORT_WEEKDAYS = "Пн Вт Ср Чт Пт Сб Вс".split()
SITE = "Вестник арматурщика"
SLOGAN = "Всё о кранах, задвижках и затворах"
HOST = "https://vestnik.example"


@dataclass(frozen=True)
class Post:
    """What a page says; a theme says how."""

    title: str
    day: datetime
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...] = ("шаровые краны", "испытания")
    rubric: str = "Производство"

    @property
    def path(self) -> str:
        """The address within the site."""
        return "/pervaya-partiya-kranov/"

    @property
    def fields(self) -> dict[str, str]:
        """What the templates below print."""
        day = self.day
        return {
            "title": self.title,
            "text": "".join(f"<p>{text}</p>\n" for text in self.paragraphs),
            "words": f"{day.day:02} {MONTHS[day.month - 1]} {day.year}",
            "plain": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            "nominative": f"{day.day:02} {NOMINATIVES[day.month - 1]} {day.year}",
            "short": f"{SHORT[day.month - 1]} {day.day}, {day.year}",
            "english": f"{ENGLISH[day.month - 1]} {day.day}, {day.year}",
            "english_short": f"{day.day} {ENGLISH[day.month - 1][:3]} {day.year}",
            "dots": f"{day:%d.%m.%Y}",
            "dashes": f"{day:%d-%m-%Y}",
            "slashes": f"{day:%d/%m/%Y}",
            "us": f"{day:%m/%d/%Y}",
            "iso_day": f"{day:%Y-%m-%d}",
            "iso": day.isoformat(),
            "clock": f"{day:%H:%M}",
            "weekday": WEEKDAYS[day.weekday()],
            "short_weekday": SHORT_WEEKDAYS[day.weekday()],
            "english_weekday": f"{day:%a}",
            "updated": f"{day.replace(day=28):%d.%m.%Y}",
            "updated_iso": day.replace(day=28).isoformat(),
            "day_path": f"{day:%Y/%m/%d}",
            "tags": ", ".join(f'<a href="/tag/{place}/" rel="tag">{tag}</a>' for place, tag in enumerate(self.tags)),
            "rubric": self.rubric,
            "site": SITE,
            "slogan": SLOGAN,
            "host": HOST,
            "path": self.path,
            "address": HOST + self.path,
        }


MOSCOW = ZoneInfo("Europe/Moscow")
POSTS = (
    Post(
        "На заводе в Сызрани собрали первую партию кранов",
        datetime(2026, 3, 12, 10, 20, tzinfo=MOSCOW),
        (
            "На арматурном заводе в Сызрани собрали первую партию шаровых кранов для тепловых сетей города.",
            "Каждый кран выдержал на стенде тысячу циклов, рассказал начальник участка сборки Игорь Лапин.",
            "До конца весны завод обещает отгрузить двести изделий, ещё столько же уйдёт на склад.",
        ),
    ),
    Post(
        "Задвижки: новый стандарт на испытания",
        datetime(2019, 11, 5, 18, 45, tzinfo=MOSCOW),
        (
            "Технический комитет утвердил стандарт, по которому с января будут испытывать стальные задвижки.",
            "Срок испытаний сокращён вдвое, зато прибавилось проверок при низкой температуре.",
        ),
        ("стандарты",),
        "Документы",
    ),
    Post(
        "Что показал новый стенд, и кому он нужен",
        datetime(2024, 7, 1, 9, 5, tzinfo=MOSCOW),
        (
            "Стенд для затворов диаметром до двух метров открыли на прошлой неделе в посёлке под Казанью.",
            "На нём проверяют не только герметичность, но и усилие на штурвале, и шум потока.",
            "Первыми в очередь встали два завода с Урала: своих стендов такого размера у них нет.",
            "Час испытаний стоит дорого, но везти затвор за границу ещё дороже.",
        ),
        ("стенды", "затворы", "шум потока"),
        "Новости отрасли",
    ),
)

FOLDER = Path(__file__).parent / "theme_pages"
THEMES = sorted(path.stem for path in FOLDER.glob("*.html"))


def page(theme: str, post: Post) -> str:
    """Return a post in a theme."""
    return (FOLDER / f"{theme}.html").read_text(encoding="utf-8").format_map(post.fields)

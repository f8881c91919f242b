"""Fixed phrases of Russian news pages, by which lines are recognised. Many pages do without them.

A sentence of an article may begin with the same words («Следующая встреча пройдёт в мае.»). So most phrases (LABELS)
count only in lines that are no sentences. The others (CALLS) are calls to the reader that are never news.
"""

from __future__ import annotations

import re
from enum import IntEnum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Phrase(IntEnum):
    """What a line is, judged by its first words alone; a role of the same name exists for each."""

    TAGS = auto()
    RELATED = auto()
    READ_ALSO = auto()
    COMMENTS = auto()
    CALL = auto()
    COUNTER = auto()
    BYLINE = auto()
    CREDIT = auto()
    LEGAL = auto()


# Characters: headings and calls are shorter than paragraphs that begin with the same words.
MAX_PHRASE_LENGTH = 260
SENTENCE_END = (".", "!", "?", "…", ";")
ANY_CASE = re.IGNORECASE

TAG_LABEL = (
    r"(?:(?:с )?метк(?:и|а|ами|ой)|(?:с )?тегами|(?:Тег[иь]?|Тэги?|Х[еэ]штеги|Ключевые слова|Темы?)(?: (?:новости|статьи|материала|публикации|записи))?|Ярлыки"
    r"|Tags?|Tagged(?: with| as| in)?|Keywords?|Labels|Topics)"
)
RUBRIC_LABEL = r"(?:(?:в )?рубрик(?:а|и|е|ах)|Раздел|(?:в )?категори(?:я|и|ях)|Posted (?:in|under)|Filed (?:in|under)|Categor(?:y|ies)|In category)"
BYLINE = re.compile(
    r"(?:Автор(?:\s+(?:текста|статьи|материала|публикации))?|Текст|Подготовил[аи]?|Беседовал[аи]?|Корреспондент|Записал[аи]?)"
    r"\s*(?::\s*(?P<name>\S.{2,80})|[—–]\s*(?P<dashed>(?-i:[А-ЯЁA-Z]).{2,80}))",
    ANY_CASE,
)

# A count of readers after the name: «Автор: Ирина Селезнёва 555 просмотров».
VIEWS = re.compile(r"[\s·|]+\d[\d\s]{0,12}(?:просмотр|прочтени)\w*$", ANY_CASE)
# One of these is in every byline.
BYLINE_SIGNS = (":", "—", "–")
# Words in a byline that ends in a full stop («Автор: И. Лапин, специально для журнала.»); a longer one is a speaker's
# sentence.
MAX_WORDS_OF_NAME = 5
SPEAKER = re.compile(r"\W{0,3}(Автор|Корреспондент|Редактор|Главный редактор|Учредитель|Ведущ(?:ий|ая))\s*:", ANY_CASE)

# What may follow the first words of a heading; «Новые материалы корпусов» is no such heading.
HEADING_END = (
    r"(?=\s*$|\s*[:(>→»]|\s(?:новости|материалы|статьи|публикации|по|за|на|из|сегодня|также|сейчас|раздела|рубрики|сайта|"
    r"портала|дня|недели|месяца|библиотеки|компании|отрасли|прочитать|почитать|и)\b)"
)
# The same for words that are also used of goods: «Новые материалы на основе графита», «Популярные на рынке решения».
STRICT_END = (
    r"(?=\s*$|\s*[:(>→»]|\s(?:новости|материалы|статьи|публикации|записи|темы|сегодня|также|сейчас|раздела|рубрики|сайта|портала|"
    r"дня|недели|месяца|библиотеки|по (?:теме|тегу|этой|рубрике)|за (?:день|сутки|неделю|месяц|год|последн\w+)|на (?:сайте|портале|"
    r"эту|тему|главной)|из (?:раздела|рубрики|категории|этой|библиотеки)|и (?:новости|статьи|публикации|обзоры))\b)"
)
# The beginnings of words for the pages that a link back leads to.
LISTS = r"(?:спис|нов|раздел|стат|катал|публик|переч|начал|оглавл|содерж|матер|выпус|номер|рубри|главн|архив|лент|сайт)"
NETWORK = r"соц|сети\b|Telegram|телеграм|VK|ВК|Контакт|Дзен|MAX\b|Одноклассник|YouTube|Facebook|Instagram|Twitter|X\b|Rutube|WhatsApp|Viber"

# What a legal note about reprints mentions: a link, texts of a site, a permission.
OF_A_SITE = (
    r"(?:ссылк|указани\w+ .{0,20}источник|(?:материал|информаци|текст|публикаци|новост|стат|контент|содержани|фото)\w*\s(?:с\s)?"
    r"(?:(?:этого|нашего|данного)\s)?(?:сайт|портал|ресурс|журнал|издани|страниц)|согласи\w+ (?:редакц|правообл|автор|владел)"
    r"|разрешени\w+ (?:редакц|правообл|автор|владел|администр)|(?:материал|текст|стат|публикац)\w* .{0,30}(?:запрещ|не допуск))"
)
# First words that count only in lines that are no sentences.
LABELS = {
    Phrase.TAGS: (TAG_LABEL + r"\s*(?::|$|(?=\s*#))", r"(?:Метки|Теги)\b", r"(?<=#)(?:[^\W\d]\w*[\s,;]*(?:#|$)){2,}$"),
    Phrase.RELATED: (
        r"(?:Смотрите|См\.)(?: (?:также|ещ[её]|по теме))|Вам (?:также )?может быть интересн",
        r"Вас (?:также )?(?:может|заинтересует)",
        r"(?:Последние|Свежие|Другие|Главные|Новые|Похожие) (?:добавления|новости|статьи|публикации)" + HEADING_END,
        r"(?:Последние|Свежие|Другие|Главные|Новые|Похожие) материалы" + STRICT_END,
        r"(?:Похожие|Популярн\w+|Самое читаемое|Читаемое|Интересное|Рекомендуем|Лента новостей)" + STRICT_END,
        r"Ещ[её] (?:новости|по теме)|Новости (?:по теме|партн[её]ров|рубрики|раздела)",
    ),
    Phrase.READ_ALSO: (
        r"(?:Читайте|Читать) (?:также|ещ[её]|по теме|далее|дальше|полностью)",
        r"(?:Материалы |Также )?по теме\s*:|Подробнее\s*(?::|$)",
        r"(?:«|<|←|‹|→)?\s*(?:Предыдущ|Следующ)(?:ая|ий)(?: (?:новость|материал|статья))?(?:\s*[:»>→›]|$)",
    ),
    Phrase.COMMENTS: (
        r"Комментарий\s*[(\d]|(?:Комментари(?:и|ев)|Отзывы|Обсуждение)\s*(?:$|[:(]|\d|пользователей|читателей|к (?:новости|статье|материалу))",
        r"\d+\s+комментари|Нет комментариев|Комментариев (?:пока )?нет",
    ),
    Phrase.CALL: (
        r"(?:Поделиться|Поделитесь|Расскажи(?:те)? друзьям|Рассказать друзьям|Проголосуйте|Голосовать)",
        r"Оцените(?=\s*(?:$|[:!(]|(?:эт|наш|стат|матер|новост|публик|запис|сайт|страниц|качеств|полезн)\w*|нас\b))",
        r"Нажмите,? (?:здесь|чтобы|для)|Адрес страницы\s*:|Постоянная ссылка|(?:Скопировать|Копировать) ссылку",
        r"(?:Распечатать|Версия для печати|Печать$|Отправить (?:другу|на почту|по)|В закладки|Добавить в избранное)",
        r"(?:Вернуться|Возврат|Назад) (?:назад\b|наверх\b|(?:к|ко|на|в) " + LISTS + r")|(?:Вернуться|Назад)\W*$",
        r"(?:К списку|Наверх$|Вверх$|Все (?:новости|материалы|статьи)" + HEADING_END + ")",
        r"(?:Предложить (?:книгу|новость)|Прислать новость|Скач(?:айте|ать)|Загру(?:зите|зить) приложение)",
        r"(?:Мы в (?:"
        + NETWORK
        + r")|Наш (?:Telegram|телеграм|канал)|Подписка(?=\W*$|\s*:| на (?:нов|рассыл|журн|сайт|портал|канал|газет|издан|RSS))"
        r"|Подписаться|Реклама$|На правах рекламы|Сообщить об ошибке)",
    ),
    Phrase.COUNTER: (
        r"(?:0|6|12|16|18)\s?\+\s*$",
        r"(?:👁\s*)?\d[\d\s]*$|\d[\d\s]*(?:просмотр|прочтени|раза?$)",
        r"(?:Кол(?:ичест|-)во )?(?:Просмотр(?:ов|ы|ело|а)?|Прочитано|Показов|Посещений|Прочтений|Хитов)\s*(?:[:—–-]|\d)",
        r"(?:Posted|Filed) (?:in|under)\b|Categor(?:y|ies)\s*:",
        # But not «Категория: взрывозащищённое исполнение», a line of a data sheet: the names of rubrics have a capital.
        r"(?:Рейтинг|Комментариев|Рубрика|Раздел|Категори[яи])\s*[:—–-](?!\s*(?-i:[а-яё])+\s(?-i:[а-яё]))",
        r"Время (?:на )?чтени|(?:Обновлено|Изменено)(?=\s*(?:$|[:—–|(\d-]|сегодня|вчера|в\s))",
    ),
}
# First words that count in full sentences as well.
CALLS = {
    Phrase.TAGS: (
        r"(?:Ключевые слова|Х[еэ]штеги|Т[еэ]ги|Keywords)(?: (?:новости|статьи|материала|публикации|записи))?\s*:",
    ),
    Phrase.READ_ALSO: (
        r"(?:Читайте|Смотрите) (?:также|ещ[её])\s*:|Читать (?:также|далее)\b|(?:Материалы |Также )?по теме\s*:",
        r"(?:Предыдущ|Следующ)(?:ая|ий)(?: (?:новость|материал|статья))?\s*:",
    ),
    Phrase.COMMENTS: (
        r"(?:Добавить|Оставить|Написать|Напишите|Оставьте|Добавьте)\s+(?:свой\s+|первый\s+)?(?:комментари|отзыв)",
        r"Ваш (?:комментарий|отзыв)\W*$",
        r"Комментарии (?:закрыты|отключены|могут оставлять)|Чтобы оставить комментарий|Комментировать могут",
    ),
    Phrase.CALL: (
        r"Реклама\.\s",
        r"Подпи(?:сывайтесь|шитесь|сывайся|шись)|Читайте нас|Следите за (?:нами|нашими|новостями)",
        r"(?:Присоединяйтесь|Вступайте) (?:к нам|к нашему|в наш)|(?:Будьте|Оставайтесь) (?:с нами|в курсе)",
        r"Больше новостей|(?:Самые )?(?:важные|свежие|интересные|главные) новости .{0,60}(?:канал|рассылк)",
        r"(?:Нашли|Заметили|Увидели) (?:ошибку|опечатку)|Если вы (?:нашли|заметили|обнаружили) (?:ошибку|опечатку)",
        r"Понравил(?:ась|ся) (?:статья|новость|материал)|Поделитесь (?:статьей|новостью|материалом|с друзьями)",
    ),
    Phrase.LEGAL: (
        r"©|\(c\)|Copyright|Все права защищены",
        # Only with OF_A_SITE, as news also speak of the use and copying of goods.
        r"(?:При (?:(?:любо|полно|частично)[мй]\s|или\s){0,3}(?:перепечатке|использовании|копировании|цитировании)"
        r"|Перепечатка|(?:Любое |Полное )?(?:использование|копирование|цитирование))\b.{0,100}" + OF_A_SITE,
        r"Свидетельство о регистрации\s*(?:СМИ|средств|электронн|сетев|Эл\b|ПИ\b|№|:)",
        r"(?:Учредитель|Главный редактор)\s*:(?!.{0,200}\?)|Редакция не нес[её]т|Мнение редакции",
        r"(?:Мы используем|Этот сайт|Наш сайт|Сайт|Портал|На сайте)(?: использу\w+)? .{0,30}(?:cookie|куки)",
        r"Продолжая (?:пользоваться|использовать|работу|просмотр).{0,30}(?:сайт|портал|cookie|куки|ресурс|страниц)",
    ),
    Phrase.CREDIT: (
        r"(?:Фото(?:граф|графия|графии)?|Источник фото|Изображение|Иллюстраци[яи]|Видео|Photo)(?:\s+(?:предоставлен\w*|с сайта|из архива))?\s*[:©/].{1,160}$",
        r"Фото (?:предоставлен|пресс-службы|из (?:архива|открытых)|с сайта|автора|редакции)\S*.{0,120}$",
    ),
}
# Calls anywhere in a line.
CALL_INSIDE = re.compile(
    # Paid links must be marked by law: «erid: 2Vtzq…».
    r"\berid\s*[:=]|подпи(?:шитесь|сывайтесь) на|наш\w* (?:Telegram|телеграм|Дзен|MAX|ВК|Viber)\S*[- ]?канал",
    ANY_CASE,
)
# Letters that each of these calls has, in any case: most lines have none, and to look for the calls takes ten times as
# long.
IN_CALLS = ("er", "подпи", "наш")

# How a page that was not found calls itself, and how it says so. These patterns are for text in lower case, as ignoring
# case takes three times as long.
THIS_PAGE = (
    r"(?:страниц\w*|новост[ьи]|стать[яи]|материал\w*|публикаци\w+|документ\w*|запис[ьи]|запр(?:ошенн|ашиваем)\w+|элемент|объект|"
    r"раздел|файл|адрес\w*|ссылк\w+)"
)
ABSENT = (
    r"(?:не (?:был[аои]? )?(?:найден|существу|обнаружен|доступ|опубликован|открыва)|недоступ|удал[её]н|отсутству|перемещ[её]н|"
    r"перенес[её]н|устарел|потерял|снят[аоы]? с публикации|больше нет\b|уже нет\b)"
)
NOT_FOUND = re.compile(
    rf"\b(?:{THIS_PAGE}\b.{{0,60}}?{ABSENT}"
    r"|(?:ошибка|error)\s*№?\s*404\b|404\b.{0,40}(?:not found|не найден|ошибка|error)|not found\s*$"
    r"|(?:page|article|document|content|post|item|url|resource|story)\b.{0,60}?"
    r"(?:not (?:be )?found|(?:doesn.?t|does not|no longer) exist|not exist|no longer (?:available|here)|(?:was|been|is) "
    r"(?:removed|deleted|moved|unavailable|gone)|(?:isn.?t|not|un) ?available))"
    r"|\b(?:не (?:смогли|удалось|можем) найти|мы не нашли|нет)\b.{0,30}\b(?:страниц[уы]|новост[ьи]|стать[юи]|материала?|публикаци[юи])\b"
    r"|^\W*404\b|такой страницы|(?:ничего|здесь|тут) (?:пока )?(?:не найдено|не нашлось|ничего нет|пусто)|не найден[ао]?\s*$"
    r"|(?:can.?t|cannot|could ?n.t|could not|unable to) (?:be )?f(?:ind|ound)\b|nothing (?:was )?(?:found|here)",
)
# What a page that was not found advises.
ADVICE = re.compile(
    r"(?:верн(?:итесь|уться)|перей(?:дите|ти)|назад|go (?:back|to)|return)\b.{0,60}(?:главн|начал|сайт|home|main|front)"
    r"|воспользуйтесь|попробуйте|проверьте|убедитесь|возможно|вероятно|к сожалению|извин|приносим|простите|увы\b|набран|опечатк|"
    r"введ[её]н|\b(?:seems|sorry|oops|try|check|maybe|perhaps|search|homepage|may have)\b",
)
BLOCKED = re.compile(
    r"captcha|капч|вы не робот|я не робот|подтвердите, что (?:вы|запрос)|checking your browser|just a moment"
    r"|verify (?:that )?you are (?:a )?human|attention required|unusual traffic|security check"
    r"|проверка (?:браузера|вашего|безопасности)|проверяем (?:соединение|ваш браузер)"
    r"|доступ (?:(?:к|на) (?:(?:этому|данному|запрашиваем\w+|информационн\w+|интернет-|веб-)\s?)*(?:сайт|ресурс|страниц|портал)\w* |временно )*"
    r"(?:ограничен|запрещ[её]н|заблокирован|закрыт)|(?:сайт|ресурс|ваш ip(?:-адрес)?) (?:временно )?заблокирован"
    r"|access (?:to (?:this|the) \w+ )?(?:is |has been )?(?:denied|blocked|restricted)|request blocked|forbidden|ddos-?guard"
    r"|слишком много запросов|too many requests|подозрительн\w+ (?:активност|трафик)"
    r"|автоматическ\w+ (?:запрос|трафик)|включите (?:поддержку )?(?:javascript|cookie)"
    r"|подтвердите (?:свой )?возраст",
)
# The server, a proxy or a registrar of domains shows a notice instead of any page of the site.
OUT_OF_ORDER = re.compile(
    r"технические работы|(?:сервис|сайт|сервер) (?:временно )?(?:недоступен|не работает|отключ[её]н|приостановлен)"
    r"|(?:service|temporarily) unavailable|bad gateway|gateway time-?out|internal server error|внутренняя ошибка сервера"
    r"|(?:ошибка|error) (?:соединения с|establishing a|подключения к) (?:баз|database)|under (?:construction|maintenance)"
    r"|домен\w* .{0,60}(?:прода[её]тся|припаркован|не прилинкован|не привязан|истек)|(?:domain|site) (?:name )?is (?:for sale|parked)"
    r"|срок регистрации домена|купить (?:этот )?домен|buy this domain",
)
# Parts of the titles of pages that every site has and that are no articles (LEGAL_PAGE, KIND_OF_PAGE). After «правила»
# only words about sites or a name may follow: «Правила использования клапанов» is an article.
OF_SITE = (
    r"(?:\s+(?:(?:сайт|портал|форум|ресурс|сервис|материал|информаци|контент|файл|cookie|куки|персональн|данны|пользовател|приложени|платформ"
    r"|рассылк|публикаци|комментари|обработк|защит|интернет|веб|компани|редакци|журнал|издани|конфиденциальност|наш|эт)[\w-]*|и|на|в|к|об?"
    r"|[\w.-]{1,60}\.[a-zрф]{2,4}))*(?:\s+(?:ООО|АО|ЗАО|ИП)?\s?[«\"].{1,80})?"
)
LEGAL_PAGE = re.compile(
    r"(?:пользовательское соглашение|(?:публичная )?оферта|согласие на обработку|правила (?:сайта|форума|пользования|использования)"
    r"|политика (?:в отношении|конфиденциальности|обработки|использования|cookie)|условия (?:использования|пользования))"
    + OF_SITE
    + r"|privacy policy|terms of (?:use|service)",
    ANY_CASE,
)
KIND_OF_PAGE = re.compile(
    r"(?:контакты|контактная информация|обратная связь|реквизиты"
    r"|согласие на обработку .*|политика (?:в отношении|конфиденциальности|обработки|cookie) .*"
    r"|об? (?:нас|сайте|компании|проекте|портале|редакции|журнале|издании|издательстве|газете|агентстве)"
    r"|рекламодателям|авторам|партн[её]рам|читателям|редакция|редколлегия|редакционн(?:ая коллегия|ый совет)|наша команда"
    r"|(?:размещение )?реклам[аы](?: (?:на (?:сайте|портале)|в журнале))?|(?:(?:наши|информационные|генеральные) )?партн[её]ры"
    r"|(?:оформить )?подписк[ау](?: на (?:журнал|издание|газету|рассылку|новости))?"
    r"|(?:требования к|правила оформления) (?:статьям|статей|материалам|материалов|публикациям|рукописям|рукописей)"
    r"|вакансии|карта сайта|комментари[ий]|отзывы|(?:результаты )?поиска?(?: по (?:сайту|запросу|тегу|меткам?).*|:.*)?|search(?: results)?"
    r"|(?:авторизация|регистрация|вход|личный кабинет)(?: (?:на|в) сайте?)?|корзина|архив(?: (?:за|новостей|статей|записей|номеров|журнала).*)?"
    r"|(?:рубрика|метка|тег|категория|архивы?|category|tag|archives?)\s*:.*|(?:фото)?галере[яи]|профиль(?: пользователя.*)?|наши авторы"
    r"|страница \d+(?: из \d+)?|page \d+)",
    ANY_CASE,
)
# The text of a link from an announcement to its article.
MORE = re.compile(
    r"\W*(?:(?:читать|узнать|смотреть|прочитать) (?:далее|дальше|полностью|подробнее|больше|вс[её]|статью|новость|материал|ещё)"
    r"|подробн(?:ее|о)|далее|дальше|полностью|полный текст|(?:read|learn) more|more|continue reading)\W*",
    ANY_CASE,
)
# Names of rubrics: «Новости», «Новости отрасли», «Пресс-центр»; «Материалы для седла клапана» is a title.
RUBRIC_NAME = re.compile(
    r"интервью|репортажи|(?:(?:все|последние|главные|свежие)\s)?(?:новости|статьи|публикации|материалы|пресс-центр|пресс-релизы|медиацентр"
    r"|обзоры|аналитика|события|блог|архив)(?:\s(?!(?:со?|об?|для|из|от|на|во?|под|при)\s)[\w-]+){0,2}",
    ANY_CASE,
)
# «Нажимая кнопку, вы даёте согласие …» is the small print of a form, unless it is about cookies.
CONSENT = re.compile(
    r"^(?!\W*(?:нажима|отправля|оставля|заполня|подписыва)я(?!.{0,120}(?:cookie|куки|принять))).*?(?:согласи[ея]|соглашени[ея]|услови[яй]).{0,80}(?:cookie|персональн|пользовател|обработк)"
    r"|cookie.{0,80}(?:согла|принять|продолж)|прежде чем продолжить",
)


def _compiled(openings: dict[Phrase, tuple[str, ...]]) -> re.Pattern[str]:
    named = (f"(?P<{phrase.name}>{'|'.join(patterns)})" for phrase, patterns in openings.items())
    return re.compile(r"\W{0,3}(?:" + "|".join(named) + ")", ANY_CASE)


LABEL = _compiled(LABELS)
CALL = _compiled(CALLS)


@lru_cache(maxsize=4096)  # most short lines of a page are on every page of its site
def phrase_of(line: str) -> Phrase | None:
    """Return the phrase that a line is by its first words, or None for ordinary text."""
    if len(line) > MAX_PHRASE_LENGTH:
        return None
    match = CALL.match(line) or (None if line.endswith(SENTENCE_END) else LABEL.match(line))
    if match and match.lastgroup:
        return Phrase[match.lastgroup]
    if byline_name(line):
        return Phrase.BYLINE
    has_letters = any(map(line.casefold().__contains__, IN_CALLS))
    return Phrase.CALL if has_letters and CALL_INSIDE.search(line) else None


@lru_cache(maxsize=4096)  # most links of a page are on every page of its site
def is_read_more(link: str) -> bool:
    """Tell whether the text of a link only says that the article is there: «Подробнее»."""
    return MORE.fullmatch(link) is not None


def is_about_refusal(line: str) -> bool:
    """Tell whether a line says that the page does not exist or is not accessible, or what to do then."""
    lowered = line.lower()
    return any(pattern.search(lowered) for pattern in (NOT_FOUND, ADVICE, BLOCKED, OUT_OF_ORDER, CONSENT))


def byline_name(line: str) -> str | None:
    """Return the name in a byline («Автор: Ирина Селезнёва»), or None if the line is none."""
    match = BYLINE.fullmatch(VIEWS.sub("", line)) if any(map(line.__contains__, BYLINE_SIGNS)) else None
    if match is None:
        return None
    name: str = match["name"] or match["dashed"]
    is_speech = name.endswith(("?", "!", "…")) or (name.endswith(".") and len(name.split()) > MAX_WORDS_OF_NAME)
    return None if is_speech else name.strip(" .")


def speakers(lines: Iterable[str]) -> frozenset[str]:
    """Return the labels of an interview's speakers («Корреспондент»), in lower case.

    Such a label begins at least two different lines, one of which is a question.
    """
    lines_of_speaker: dict[str, set[str]] = {}
    for line in lines:
        if ":" in line and (label := speaker_of(line)):
            lines_of_speaker.setdefault(label, set()).add(line)
    return frozenset(
        label for label, its in lines_of_speaker.items() if len(its) > 1 and any(one.endswith("?") for one in its)
    )


def speaker_of(line: str) -> str | None:
    """Return the label at the beginning of a line, in lower case, that may be a speaker's or a byline's; else None."""
    match = SPEAKER.match(line)
    return match[1].lower() if match else None

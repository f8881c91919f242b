"""Names and tags in the nominative: the head and what agrees with it change, nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armcrawl.russian.names.morphology import GENITIVE, NOMINATIVE, forms_of
from armcrawl.russian.names.nominative import Nominative, nominative
from armcrawl.russian.names.phrase_choice import DOUBTFUL
from armcrawl.russian.tags import canonical_tag
from armcrawl.sample.articles import load_sample

PIECES = (
    "Ассоциацией ", "кластеров ", "и ", "Олега ", "Радионова", "ПАО ", "«Газпром»", "«", "»", "МИДом ", "им. ",
    "шаровых ", "кранов", "-", " – ", "Югре", "IT-", "компаниям", "В.А. ", "С-400", "Ё", "\u0301", " ", ",", "заводу-",
)  # fmt: skip
wild_names = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
SAMPLE_TAGS = sorted({(tag.printed, tag.name) for article in load_sample().articles.values() for tag in article.tags})


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Ассоциацией кластеров и технопарков", "Ассоциация кластеров и технопарков"),
        ("Союза производителей нефтегазового оборудования", "Союз производителей нефтегазового оборудования"),
        ("Торгово-промышленной палатой РФ", "Торгово-промышленная палата РФ"),
        ("Министерства энергетики РФ", "Министерство энергетики РФ"),
        ("Российским университетом нефти и газа им. Губкина", "Российский университет нефти и газа им. Губкина"),
        ("Проектного и научно-исследовательского института", "Проектный и научно-исследовательский институт"),
        ("Института «Гипротюменнефтегаз»", "Институт «Гипротюменнефтегаз»"),
        ("Группы ЧТПЗ", "Группа ЧТПЗ"),
        ("Свердловской ТПП", "Свердловская ТПП"),
        ("Московскому НПЗ", "Московский НПЗ"),
        ("Тверской ТЭЦ", "Тверская ТЭЦ"),
        ("Воронежского КБХА", "Воронежское КБХА"),
        ("XV съездом арматуростроителей", "XV съезд арматуростроителей"),
    ],
)
def test_the_head_and_what_agrees_with_it_change(printed: str, name: str) -> None:
    assert nominative(printed).name == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("шаровых кранов", "шаровые краны"),
        ("запорной арматурой", "запорная арматура"),
        ("выборам", "выборы"),
        ("клапанами обратными", "клапаны обратные"),
        ("затвором дисковым поворотным", "затвор дисковый поворотный"),
        ("трубами и фитингами", "трубы и фитинги"),
        ("науки и техники", "наука и техника"),
        ("завода-изготовителя", "завод-изготовитель"),
        ("IT-компаниями", "IT-компании"),
        ("водоснабжения", "водоснабжение"),
    ],
)
def test_the_number_is_kept_as_printed(printed: str, name: str) -> None:
    assert nominative(printed).name == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Олега Радионова", "Олег Радионов"),
        ("Радионову Олегу", "Радионов Олег"),
        ("Ириной Сергеевной Ковальчук", "Ирина Сергеевна Ковальчук"),
        ("В. А. Иванову", "В. А. Иванов"),
        ("Марии Склодовской-Кюри", "Мария Склодовская-Кюри"),
        ("Олегу Рыжикову-Бруздяеву", "Олег Рыжиков-Бруздяев"),
        ("Раису Тебенькову", "Раиса Тебенькова"),
        ("Эдуарда Гафарова", "Эдуард Гафаров"),
        ("Денисом Рябоконем", "Денис Рябоконь"),
        ("Игорем Бондаренко", "Игорь Бондаренко"),
        ("Вернера фон Сименса", "Вернер фон Сименс"),
        ("Жаном-Люком Меланшоном", "Жан-Люк Меланшон"),
        ("министром энергетики Александром Новаком", "министр энергетики Александр Новак"),
        ("директора завода Сергея Петрова", "директор завода Сергей Петров"),
        ("главы Минпромторга Дениса Мантурова", "глава Минпромторга Денис Мантуров"),
        ("Жан-Клода Юнкера", "Жан-Клод Юнкер"),
        ("Кириллом Летним", "Кирилл Летний"),
        ("Олегу Крамскому", "Олег Крамской"),
        ("Сергеем Лановым", "Сергей Лановой"),
        ("Аслана Бжании", "Аслан Бжания"),
        ("Екатериной Шульгой", "Екатерина Шульга"),
        ("Софией Лобачёвой", "София Лобачёва"),
        ("Пан Ги Муном", "Пан Ги Мун"),
        ("Ахмета Давутоглу", "Ахмет Давутоглу"),
        ("братьев Ротенбергов", "братья Ротенберги"),
        ("сестёр Брусникиных", "сёстры Брусникины"),
    ],
)
def test_persons_agree_in_gender_and_case(printed: str, name: str) -> None:
    assert nominative(printed).name == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Нижнего Новгорода", "Нижний Новгород"),
        ("Набережных Челнах", "Набережные Челны"),
        ("Ростова-на-Дону", "Ростов-на-Дону"),
        ("Каменске-Уральском", "Каменск-Уральский"),
        ("города Москвы", "город Москва"),
        ("реки Волги", "река Волга"),
        ("острова Сахалин", "остров Сахалин"),
        ("Республике Татарстан", "Республика Татарстан"),
        ("Ханты-Мансийского автономного округа – Югры", "Ханты-Мансийский автономный округ – Югра"),
    ],
)
def test_places_change_with_what_stands_beside_them(printed: str, name: str) -> None:
    assert nominative(printed).name == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("РусГидро", "РусГидро"),
        ("МИДом", "МИД"),
        ("Роснефтью", "Роснефть"),
        ("Газпром нефтью", "Газпром нефть"),
        ("«Северсталью»", "«Северсталь»"),
        ("Редуктором-М", "Редуктор-М"),
        ("Арматек-Сервисом", "Арматек-Сервис"),
        ("Поморарматур", "Поморарматур"),
        ("Затвормаша", "Затвормаш"),
        ("Мечела", "Мечел"),
        ("Ленты.ру", "Лента.ру"),
    ],
)
def test_names_of_firms_are_no_words_of_the_dictionary(printed: str, name: str) -> None:
    assert nominative(printed).name == name


@pytest.mark.parametrize(
    "printed",
    [
        "E.S.T.E.R",
        "ПАО «Газпром»",
        "АО НПФ ЦКБА",
        "С-400",
        "DN 500",
        "Наука и жизнь",
        "Белорусский РУП",
        "Новости",
        "задвижки",
        "технологии",
        "Мария Шмидт",
        "Пушкина А.С.",
        "Черных",
        "Дюма",
        "Сочи",
        "Акира Куросава",
        "Марио Драги",
        "Чан Кайши",
        "Великие Луки",
        "",
        "№",
    ],
)
def test_what_may_be_a_nominative_is_left_alone(printed: str) -> None:
    assert nominative(printed).name == printed


def test_a_case_that_is_known_decides_what_is_doubtful() -> None:
    assert nominative("компании", GENITIVE).name == "компания"
    assert nominative("компании", NOMINATIVE).name == "компании"


def test_a_doubtful_name_says_so() -> None:
    assert nominative("муфты").confidence < 0.6
    assert nominative("Ассоциацией кластеров").confidence >= 0.9


@pytest.mark.parametrize(
    "printed",
    ["Александра Иванова", "Сергеем Береговым", "буре", "пластике", "Даниле Прохорове", "Джо Кокера", "Евраза"],
)
def test_a_name_that_may_be_two_is_not_sure(printed: str) -> None:
    assert 0.6 <= nominative(printed).confidence < 0.9


@pytest.mark.parametrize("printed", ["Тараса Кравца", "Джо Кокером", "Эльвиры Набиуллиной", "Мечелом", "Мария Шмидт"])
def test_a_name_without_a_rival_is_sure(printed: str) -> None:
    assert nominative(printed).confidence >= 0.9


def test_a_latin_letter_in_a_russian_word_becomes_russian() -> None:
    latin_c = "\u0043"
    assert nominative(f"{latin_c}оюзу машиностроителей").name == "Союз машиностроителей"


@pytest.mark.parametrize("printed", ["домов", "точек", "краёв"])
def test_a_name_whose_nominative_would_be_read_otherwise_stays_as_printed(printed: str) -> None:
    found = nominative(printed)
    assert (found.name, found.confidence) == (printed, DOUBTFUL)


def test_what_is_too_long_for_a_name_stays_as_printed() -> None:
    printed = f"Директором {'и председателем ' * 20}завода"
    assert nominative(printed) == Nominative(printed, DOUBTFUL)


def test_the_letters_of_the_print_are_kept() -> None:
    assert nominative("литья").name == "литье"
    assert nominative("КАМАЗОМ").name == "КАМАЗ"
    assert nominative("печенья").name == "печенье"


@pytest.mark.parametrize(("printed", "name"), SAMPLE_TAGS)
def test_every_tag_of_the_sample_has_its_nominative(printed: str, name: str) -> None:
    assert nominative(printed).name == name


@given(wild_names)
@settings(deadline=None)  # the first use loads the dictionary
def test_the_nominative_of_a_nominative_is_itself(printed: str) -> None:
    tag = canonical_tag(printed)
    again = canonical_tag(tag.name)
    assert (again.name, again.key) == (tag.name, tag.key)


@pytest.mark.parametrize("word", ["заво\U00017000", "-".join("ч" * 100), "а" * 10_000, "-", ""])
def test_what_can_be_no_word_has_no_readings(word: str) -> None:
    assert forms_of(word) == ()


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Группой Астра", "Группа Астра"),
        ("Минцифры", "Минцифры"),
        ("Минцифре", "Минцифры"),
        ("Минфином", "Минфин"),
        ("Зарубежнефтью", "Зарубежнефть"),
        ("Усть-Каменогорском", "Усть-Каменогорск"),
        ("Ямало-Ненецком автономном округе", "Ямало-Ненецкий автономный округ"),
        ("отца и сына Черепановых", "отец и сын Черепановы"),
        ("Сахалином-2", "Сахалин-2"),
        ("Су-57", "Су-57"),
        ("нефтепереработки", "нефтепереработка"),
    ],
)
def test_names_whose_form_looks_like_that_of_other_words(printed: str, name: str) -> None:
    assert nominative(printed).name == name

"""Article pages as the stock themes of content systems print them: their frame is theirs, the texts are ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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

HEAD = '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>{title} — {site}</title></head>'
MENU = '<ul><li><a href="/">Главная</a></li><li><a href="/o-nas/">О журнале</a></li><li><a href="/kontakty/">Контакты</a></li></ul>'
# The side column of a blog: newest posts, archives by month, rubrics.
WIDGETS = (
    '<aside><h3>Свежие записи</h3><ul><li><a href="/novyy-ceh/">Новый цех приводов пущен в Перми</a></li>'
    '<li><a href="/vystavka/">Что показали на выставке насосов и арматуры</a> <span>14.09.2026</span></li></ul></aside>'
    '<aside><h3>Архивы</h3><ul><li><a href="/2026/09/">Сентябрь 2026</a></li><li><a href="/2026/08/">Август 2026</a></li></ul></aside>'
    '<aside><h3>Рубрики</h3><ul><li><a href="/rubric/1/">Производство</a></li><li><a href="/rubric/2/">Документы</a></li></ul></aside>'
)
NEIGHBOURS = (
    '<nav class="navigation post-navigation" role="navigation"><h2 class="screen-reader-text">Навигация по записям</h2>'
    '<div><a href="/stariy-zavod/" rel="prev"><span>Назад</span> Старый завод сменил хозяина и имя</a></div>'
    '<div><a href="/novyy-ceh/" rel="next"><span>Далее</span> Новый цех приводов пущен в Перми</a></div></nav>'
)
COMMENTS = (
    '<div id="comments" class="comments-area"><h2 class="comments-title">2 комментария</h2><ol class="comment-list">'
    '<li class="comment"><article><footer><b>Виктор</b> <a href="#c1"><time datetime="2026-09-20T10:12:00+03:00">20.09.2026 в 10:12</time></a></footer>'
    "<div><p>Хорошая новость, ждём подробностей о цене.</p></div></article></li>"
    '<li class="comment"><article><footer><b>Ольга</b> <a href="#c2"><time datetime="2026-09-21T11:00:00+03:00">21.09.2026 в 11:00</time></a></footer>'
    "<div><p>А гарантия какая, не сказали?</p></div></article></li></ol></div>"
)
FOOTER = "<footer><p>© 2009–2026 {site}. Сайт работает на WordPress.</p></footer>"


def wordpress(header: str, article: str, *, after: str = NEIGHBOURS + COMMENTS) -> str:
    """Return a page of a WordPress theme: its header, the article, what follows, widgets."""
    return (
        f'{HEAD}<body class="single single-post"><div id="page"><header id="masthead" role="banner">{header}<nav>{MENU}</nav></header>'
        f'<div id="content"><main id="main">{article}{after}</main></div><div id="secondary" role="complementary">{WIDGETS}</div>{FOOTER}</div></body></html>'
    )


SITE_H1 = (
    '<h1 class="site-title"><a href="{host}/" rel="home">{site}</a></h1><h2 class="site-description">{slogan}</h2>'
)
SITE_P = '<p class="site-title"><a href="{host}/" rel="home">{site}</a></p><p class="site-description">{slogan}</p>'
ENTRY_H1 = '<h1 class="entry-title">{title}</h1>'
CONTENT = '<div class="entry-content">{text}</div>'
POSTED = (
    '<span class="posted-on"><a href="{address}" rel="bookmark"><time class="entry-date published" datetime="{iso}">{dots}</time>'
    '<time class="updated" datetime="{updated_iso}">{updated}</time></a></span>'
)
BY = '<span class="byline"><a class="url fn n" href="/author/redakciya/">Редакция</a></span>'

THEMES: dict[str, str] = {
    "wordpress twentyten": wordpress(
        '<div id="site-title"><span><a href="{host}/" rel="home">{site}</a></span></div><div id="site-description">{slogan}</div>',
        '<div id="nav-above"><a href="/stariy-zavod/" rel="prev">← Старый завод сменил хозяина и имя</a></div><div class="post">'
        '<h1 class="entry-title">{title}</h1><div class="entry-meta"><span class="meta-prep">Опубликовано</span> '
        '<a href="{address}" title="{clock}" rel="bookmark"><span class="entry-date">{words}</span></a> <span>автором</span> '
        '<a href="/author/r/">Редакция</a></div>'
        + CONTENT
        + '<div class="entry-utility">Запись опубликована в рубрике '
        '<a href="/rubric/1/" rel="category tag">{rubric}</a> с метками {tags}.</div></div>',
    ),
    "wordpress twentyeleven": wordpress(
        SITE_H1,
        '<article><header class="entry-header"><h1 class="entry-title">{title}</h1><div class="entry-meta"><span class="sep">Опубликовано </span>'
        '<a href="{address}" title="{clock}" rel="bookmark"><time class="entry-date" datetime="{iso}">{words}</time></a>'
        '<span class="by-author"> <span class="sep"> автором </span> '
        + BY
        + "</span></div></header>"
        + CONTENT
        + '<footer class="entry-meta">Запись опубликована в рубрике <a href="/rubric/1/" rel="category tag">{rubric}</a> с метками {tags}. '
        'Добавьте в закладки <a href="{address}" rel="bookmark">постоянную ссылку</a>.</footer></article>',
    ),
    "wordpress twentytwelve": wordpress(
        SITE_H1,
        "<article><header>"
        + ENTRY_H1
        + '<div class="comments-link"><a href="{address}#respond">Добавить комментарий</a></div></header>'
        + CONTENT
        + '<footer class="entry-meta">Запись опубликована <a href="{address}" title="{clock}" rel="bookmark"><time class="entry-date" datetime="{iso}">{words}</time></a> '
        'автором <span class="author"><a href="/author/r/">Редакция</a></span> в рубрике <a href="/rubric/1/" rel="category tag">{rubric}</a> с метками {tags}.</footer></article>',
    ),
    "wordpress twentythirteen": wordpress(
        '<a class="home-link" href="{host}/" rel="home"><h1 class="site-title">{site}</h1><h2 class="site-description">{slogan}</h2></a>',
        "<article><header>"
        + ENTRY_H1
        + '<div class="entry-meta"><span class="date"><a href="{address}" rel="bookmark"><time class="entry-date" datetime="{iso}">{words}</time></a></span>'
        '<span class="categories-links"><a href="/rubric/1/" rel="category tag">{rubric}</a></span><span class="tags-links">{tags}</span>'
        + BY
        + "</div></header>"
        + CONTENT
        + "</article>",
    ),
    "wordpress twentyfourteen": wordpress(
        '<h1 class="site-title"><a href="{host}/" rel="home">{site}</a></h1>',
        '<article><header class="entry-header"><div class="entry-meta"><span class="cat-links"><a href="/rubric/1/" rel="category tag">{rubric}</a></span></div>'
        + ENTRY_H1
        + '<div class="entry-meta"><span class="entry-date"><a href="{address}" rel="bookmark"><time class="entry-date" datetime="{iso}">{dots}</time></a></span> '
        + BY
        + '<span class="comments-link"><a href="{address}#respond">Комментировать</a></span></div></header>'
        + CONTENT
        + '<footer class="entry-meta"><span class="tag-links">{tags}</span></footer></article>',
    ),
    "wordpress twentyfifteen": wordpress(
        SITE_P,
        "<article><header>"
        + ENTRY_H1
        + "</header>"
        + CONTENT
        + '<footer class="entry-footer"><span class="posted-on"><span class="screen-reader-text">Опубликовано </span>'
        '<a href="{address}" rel="bookmark"><time class="entry-date published" datetime="{iso}">{dots}</time><time class="updated" datetime="{updated_iso}">{updated}</time></a></span>'
        + BY
        + '<span class="cat-links"><span class="screen-reader-text">Рубрики </span><a href="/rubric/1/" rel="category tag">{rubric}</a></span>'
        '<span class="tags-links"><span class="screen-reader-text">Метки </span>{tags}</span></footer></article>',
    ),
    "wordpress twentysixteen": wordpress(
        SITE_P,
        "<article><header>"
        + ENTRY_H1
        + "</header>"
        + CONTENT
        + '<footer class="entry-footer">'
        + BY
        + POSTED
        + '<span class="cat-links"><a href="/rubric/1/" rel="category tag">{rubric}</a></span><span class="tags-links">{tags}</span></footer></article>',
    ),
    "wordpress twentyseventeen": wordpress(
        SITE_P,
        '<article><header class="entry-header"><div class="entry-meta"><span class="posted-on"><span class="screen-reader-text">Опубликовано</span> '
        '<a href="{address}" rel="bookmark"><time class="entry-date published" datetime="{iso}">{dots}</time><time class="updated" datetime="{updated_iso}">{updated}</time></a></span> '
        '<span class="byline">автором <a href="/author/r/">Редакция</a></span></div>'
        + ENTRY_H1
        + "</header>"
        + CONTENT
        + '<footer class="entry-footer"><span class="cat-tags-links">{tags}</span></footer></article>',
    ),
    "wordpress twentynineteen": wordpress(
        SITE_P,
        "<article><header>"
        + ENTRY_H1
        + '<div class="entry-meta">'
        + BY
        + POSTED
        + '<span class="comment-count"><a href="#comments">2 комментария</a></span></div></header>'
        + CONTENT
        + '<footer class="entry-footer">'
        + BY
        + POSTED
        + '<span class="cat-links"><a href="/rubric/1/" rel="category tag">{rubric}</a></span></footer></article>',
    ),
    "wordpress twentytwenty": wordpress(
        SITE_P,
        '<article><header><div class="entry-categories"><a href="/rubric/1/" rel="category tag">{rubric}</a></div>'
        + ENTRY_H1
        + '<div class="post-meta-wrapper"><ul class="post-meta"><li class="post-author meta-wrapper"><span class="meta-icon"></span><span class="meta-text">От <a href="/author/r/">Редакция</a></span></li>'
        '<li class="post-date meta-wrapper"><span class="meta-text"><a href="{address}">{dots}</a></span></li><li class="post-comment-link"><span class="meta-text"><a href="#respond">2 комментария</a></span></li></ul></div></header>'
        + CONTENT
        + '<div class="post-meta-wrapper"><ul><li class="post-tags"><span class="meta-text">{tags}</span></li></ul></div></article>',
    ),
    "wordpress twentytwentyone": wordpress(
        SITE_P,
        "<article><header>"
        + ENTRY_H1
        + "</header>"
        + CONTENT
        + '<footer class="entry-footer"><div class="posted-by"><span class="posted-on">Опубликовано <time class="entry-date published updated" datetime="{iso}">{dots}</time></span>'
        '<span class="byline">Автор: <a href="/author/r/" rel="author">Редакция</a></span></div><div class="post-taxonomies"><span class="cat-links">Рубрики: <a href="/rubric/1/" rel="category tag">{rubric}</a></span>'
        '<span class="tags-links">Метки: {tags}</span></div></footer></article>',
    ),
    "wordpress twentytwentytwo": wordpress(
        SITE_P,
        '<div class="wp-site-blocks"><div class="wp-block-group"><h1 class="wp-block-post-title">{title}</h1><div class="entry-content wp-block-post-content">{text}</div>'
        '<div class="wp-block-group is-layout-flex"><div class="wp-block-post-date"><time datetime="{iso}">{dots}</time></div><div class="wp-block-post-author"><p class="wp-block-post-author__name">Редакция</p></div>'
        '<div class="taxonomy-category wp-block-post-terms"><a href="/rubric/1/" rel="tag">{rubric}</a></div></div></div></div>',
    ),
    "wordpress twentytwentythree": wordpress(
        SITE_P,
        '<h1 class="wp-block-post-title">{title}</h1><div class="entry-content wp-block-post-content">{text}</div><div class="wp-block-group"><div class="wp-block-group"><p>Опубликовано</p>'
        '<div class="wp-block-post-date"><time datetime="{iso}"><a href="{address}">{dots}</a></time></div><p>в рубрике</p><div class="taxonomy-category"><a href="/rubric/1/" rel="tag">{rubric}</a></div></div>'
        '<div class="wp-block-group"><p>Метки:</p><div class="taxonomy-post_tag">{tags}</div></div></div>',
    ),
    "wordpress twentytwentyfour": wordpress(
        SITE_P,
        '<div class="wp-block-group"><h1 class="wp-block-post-title">{title}</h1><div class="wp-block-template-part"><div class="wp-block-group"><div class="wp-block-post-date"><time datetime="{iso}"><a href="{address}">{dots}</a></time></div>'
        '<p class="has-contrast-2-color">—</p><p>автор:</p><div class="wp-block-post-author-name"><a href="/author/r/">Редакция</a></div><div class="taxonomy-category"><span class="wp-block-post-terms__prefix">в рубрике </span>'
        '<a href="/rubric/1/" rel="tag">{rubric}</a></div></div></div></div><div class="entry-content wp-block-post-content">{text}</div>',
    ),
    "wordpress twentytwentyfive": wordpress(
        SITE_P,
        '<h1 class="wp-block-post-title">{title}</h1><div class="wp-block-group"><p>Автор:</p><div class="wp-block-post-author-name"><a href="/author/r/">Редакция</a></div><p>в рубрике</p>'
        '<div class="taxonomy-category"><a href="/rubric/1/" rel="tag">{rubric}</a></div></div><div class="wp-block-post-date"><time datetime="{iso}">{dots}</time></div><div class="entry-content">{text}</div>'
        '<div class="taxonomy-post_tag">{tags}</div>',
    ),
    "plone": HEAD
    + '<body><div id="portal-logo"><a href="{host}"><img src="/logo.png" alt="{site}"></a></div><div id="portal-globalnav">'
    + MENU
    + "</div>"
    '<div id="portal-breadcrumbs"><span>Вы здесь:</span> <a href="/">Главная</a> / <span>{title}</span></div><article id="content"><header><h1 class="documentFirstHeading">{title}</h1>'
    '<div class="documentByLine"><span class="documentAuthor">автор — <a href="/author/r">Редакция</a> — </span><span class="documentPublished"><span>опубликовано </span>{dots} {clock}</span>, '
    '<span class="documentModified"><span>изменено </span>{updated} 12:00</span></div></header><div id="content-core"><div id="parent-fieldname-text">{text}</div></div>'
    '<footer><div class="keywords">Метки: {tags}</div></footer></article><div id="portal-column-two">'
    + WIDGETS
    + "</div></body></html>",
    "hexo landscape": HEAD
    + '<body><header id="header"><h1 id="logo-wrap"><a href="/" id="logo">{site}</a></h1><h2 id="subtitle-wrap"><a href="/" id="subtitle">{slogan}</a></h2>'
    + MENU
    + "</header>"
    '<section id="main"><article itemscope itemtype="https://schema.org/BlogPosting"><div class="article-meta"><a href="{path}" class="article-date"><time class="dt-published" datetime="{iso}" itemprop="datePublished">{iso_day}</time></a>'
    '<div class="article-category"><a class="article-category-link" href="/categories/1/">{rubric}</a></div></div><div class="article-inner"><header class="article-header"><h1 class="p-name article-title" itemprop="headline name">{title}</h1></header>'
    '<div class="e-content article-entry" itemprop="articleBody">{text}</div><footer class="article-footer"><a data-url="{address}" class="article-share-link">Share</a>'
    '<ul class="article-tag-list"><li><a class="article-tag-list-link" href="/tags/1/" rel="tag">{rubric}</a></li></ul></footer></div>'
    '<nav id="article-nav"><a href="/novyy-ceh/" id="article-nav-newer"><strong>Newer</strong><div>Новый цех приводов пущен в Перми</div></a></nav></article></section><aside id="sidebar">'
    + WIDGETS
    + "</aside></body></html>",
    "hexo next": HEAD
    + '<body><header class="header"><div class="site-meta"><a href="/" class="brand" rel="start"><h1 class="site-title">{site}</h1></a><p class="site-subtitle">{slogan}</p></div><nav>'
    + MENU
    + "</nav></header>"
    '<main><article class="post-block"><header class="post-header"><h1 class="post-title" itemprop="name headline">{title}</h1><div class="post-meta-container"><div class="post-meta"><span class="post-meta-item"><span class="post-meta-item-text">Размещено</span> '
    '<time title="Создано: {iso_day} {clock}" itemprop="dateCreated datePublished" datetime="{iso}">{iso_day}</time></span><span class="post-meta-item"><span class="post-meta-item-text">Изменено</span> <time title="Изменено: {updated}" itemprop="dateModified" datetime="{updated_iso}">{updated}</time></span></div></div></header>'
    '<div class="post-body">{text}</div><footer class="post-footer"><div class="post-tags"><a href="/tags/1/" rel="tag"># краны</a></div></footer></article></main></body></html>',
    "pelican notmyidea": '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>{title}</title></head><body id="index"><header id="banner" class="body"><h1><a href="/">{site} <strong>{slogan}</strong></a></h1><nav>'
    + MENU
    + "</nav></header>"
    '<section id="content" class="body"><article><header><h1 class="entry-title"><a href="{path}" rel="bookmark" title="Permalink to {title}">{title}</a></h1></header><div class="entry-content"><footer class="post-info"><abbr class="published" title="{iso}">Published: {short_weekday} {words}</abbr>'
    '<address class="vcard author">By <a class="url fn" href="/author/r.html">Редакция</a></address><p>In <a href="/category/1.html">{rubric}</a>.</p><p>tags: {tags}</p></footer>{text}</div></article></section>'
    '<section id="extras" class="body"><div class="social"><h2>social</h2><ul><li><a href="/feeds/all.atom.xml" rel="alternate">atom feed</a></li></ul></div></section></body></html>',
    "pelican simple": HEAD
    + '<body><header><hgroup><h1><a href="/">{site}</a></h1></hgroup><nav>'
    + MENU
    + '</nav></header><main><article><header><h2><a href="{address}" rel="bookmark" title="Permalink to {title}">{title}</a></h2></header>{text}'
    '<footer><p>Published: <time datetime="{iso}">{short_weekday} {words}</time></p><address>By <a href="/author/r.html">Редакция</a></address><p>Category: <a href="/category/1.html">{rubric}</a></p><p>Tags: {tags}</p></footer></article></main></body></html>',
    "mkdocs": HEAD
    + '<body><div class="navbar"><a class="navbar-brand" href="/">{site}</a>'
    + MENU
    + '</div><div class="container"><div class="col-md-3"><ul><li><a href="#t">{title}</a></li></ul></div><div class="col-md-9" role="main">'
    '<h1 id="t">{title}<a class="headerlink" href="#t" title="Permanent link">¶</a></h1><p>{plain}</p>{text}</div></div><footer><p>Documentation built with MkDocs.</p></footer></body></html>',
    "mkdocs material blog": HEAD
    + '<body><header class="md-header"><nav><a href="/" title="{site}"></a><span>{site}</span></nav></header><div class="md-content md-content--post"><div class="md-sidebar md-sidebar--post"><nav><ul><li><div><time datetime="{iso}">{plain} г.</time></div></li>'
    '<li>в <a href="/category/1/">{rubric}</a></li><li>1 мин чтения</li></ul></nav></div><article class="md-content__inner"><h1 id="t">{title}<a class="headerlink" href="#t">¶</a></h1>{text}</article></div></body></html>',
    "django cms": HEAD
    + "<body><nav>"
    + MENU
    + '</nav><div class="app-blog"><article class="post-item post-detail"><header><h2>{title}</h2><ul class="post-detail"><li>Автор <a href="/author/r/">Редакция</a></li><li>{plain} г.</li></ul>'
    '<ul class="post-detail tags"><li class="tag_0"><a href="/tag/1/" class="blog-tag">краны</a></li></ul></header><div class="blog-content">{text}</div></article></div></body></html>',
    "joomla protostar": HEAD
    + '<body><header class="header"><a class="brand" href="/"><span class="site-title">{site}</span><div class="site-description">{slogan}</div></a></header><main><div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">{title}</h2></div>'
    '<dl class="article-info muted"><dt class="article-info-term">Подробности</dt><dd class="createdby">Автор: <span itemprop="name">Редакция</span></dd><dd class="category-name">Категория: <a href="/rubric/1" itemprop="genre">{rubric}</a></dd>'
    '<dd class="published"><time datetime="{iso}" itemprop="datePublished">Опубликовано: {words}</time></dd><dd class="modified"><time datetime="{updated_iso}" itemprop="dateModified">Обновлено: {updated}</time></dd><dd class="hits">Просмотров: 217</dd></dl>'
    '<div itemprop="articleBody">{text}</div><ul class="pager"><li><a href="/stariy-zavod" rel="prev">Назад</a></li></ul></div></main><div id="aside">'
    + WIDGETS
    + "</div></body></html>",
    "joomla cassiopeia": HEAD
    + '<body><header><div class="navbar-brand"><a class="brand-logo" href="/"><img src="/logo.svg" alt="{site}"></a></div>'
    + MENU
    + '</header><nav class="mod-breadcrumbs"><ol><li>Вы здесь: </li><li><a href="/">Главная</a></li><li>{title}</li></ol></nav><main>'
    '<div class="com-content-article item-page"><div class="page-header"><h1>{title}</h1></div><dl class="article-info"><dt class="article-info-term">Информация о материале</dt><dd class="createdby"><span>Автор: Редакция</span></dd>'
    '<dd class="create"><time datetime="{iso}">Создано: {words}</time></dd><dd class="modified"><time datetime="{updated_iso}">Обновлено: {updated}</time></dd></dl><div class="com-content-article__body">{text}</div></div></main></body></html>',
    "joomla 1.5": HEAD
    + '<body><table class="contentpaneopen"><tr><td class="contentheading" width="100%">{title}</td></tr></table><table class="contentpaneopen"><tr><td><span class="small">Автор: Редакция</span></td></tr>'
    '<tr><td class="createdate">{nominative} {clock}</td></tr><tr><td>{text}</td></tr><tr><td class="modifydate">Обновлено ( {updated} )</td></tr></table></body></html>',
    "drupal 7 bartik": HEAD
    + '<body><div id="header"><h1 id="site-name"><a href="/" rel="home"><span>{site}</span></a></h1><div id="site-slogan">{slogan}</div>'
    + MENU
    + '</div><div id="content"><h1 class="title" id="page-title">{title}</h1><div class="node node-article"><div class="meta submitted">'
    '<span rel="sioc:has_creator">Опубликовано <span class="username">Редакция</span> в {short_weekday}, {slashes} - {clock}</span></div><div class="content clearfix"><div class="field field-name-body">{text}</div><div class="field field-name-field-tags"><h3 class="field-label">Метки: </h3><ul class="links"><li><a href="/tag/1">краны</a></li></ul></div></div></div></div></body></html>',
    "drupal olivero, in English": HEAD
    + '<body><header class="site-header"><a href="/" rel="home">{site}</a></header><main><article class="node"><header><div class="node__meta"><div class="node__author"><span>By redakciya, {plain}</span></div></div></header><h1 class="title page-title">{title}</h1><div class="node__content"><div class="text-content">{text}</div></div></article></main></body></html>',
    "drupal, submitted in English": HEAD
    + '<body><h1>{title}</h1><div class="submitted">Submitted by redakciya on {english_weekday}, {us} - {clock}</div><div class="content">{text}</div></body></html>',
    "bitrix news": HEAD
    + '<body><div id="header"><a href="/"><img src="/logo.png" alt="{site}"></a></div><div class="bx-breadcrumb"><a href="/">Главная</a> → <a href="/news/">Новости</a></div><h1 id="pagetitle">{title}</h1><div class="news-detail"><img class="detail_picture" src="/upload/1.jpg" alt="{title}">'
    '<span class="news-date-time">{dots}</span>{text}<br>Количество показов: 214<br></div><p><a href="/news/">Возврат к списку</a></p></body></html>',
    "bitrix eshop news": HEAD
    + '<body><div class="bx-newsdetail"><div class="bx-newsdetail-block"><h3 class="bx-newsdetail-title">{title}</h3><div class="bx-newsdetail-content">{text}</div><div class="row"><div class="col-xs-5"><div class="bx-newsdetail-date"><i class="fa fa-calendar-o"></i> {dots}</div></div></div></div></div></body></html>',
    "dle": HEAD
    + '<body><div class="speedbar"><a href="/">{site}</a> » <a href="/news/">{rubric}</a> » {title}</div><article class="story"><ul class="story_top"><li class="story_date"><a href="/2026/03/">{dots}, {clock}</a></li><li class="cat"><a href="/news/">{rubric}</a></li><li><a href="/user/admin/">admin</a></li><li>1 024</li></ul>'
    '<h1 class="title">{title}</h1><div class="text"><div>{text}</div></div><div class="story_tags">Теги: {tags}</div></article></body></html>',
    "ghost casper": HEAD
    + '<body><header class="gh-head"><a class="gh-head-logo" href="{host}">{site}</a>'
    + MENU
    + '</header><main><article class="article post"><header class="article-header"><div class="article-tag post-card-tags"><span class="post-card-primary-tag"><a href="/tag/1/">{rubric}</a></span></div><h1 class="article-title">{title}</h1>'
    '<p class="article-excerpt">Коротко о том, что сделали и кому это нужно.</p><div class="article-byline"><section><div class="article-byline-meta"><h4 class="author-name"><a href="/author/r/">Редакция</a></h4><div class="byline-meta-content"><time class="byline-meta-date" datetime="{iso_day}">{english_short}</time>'
    '<span class="byline-reading-time"><span class="bull">•</span> 1 min read</span></div></div></section></div></header><section class="gh-content">{text}</section></article></main></body></html>',
    "jekyll minima": HEAD
    + '<body><header class="site-header"><a class="site-title" rel="author" href="/">{site}</a>'
    + MENU
    + '</header><main><article class="post h-entry" itemscope itemtype="http://schema.org/BlogPosting"><header class="post-header"><h1 class="post-title p-name" itemprop="name headline">{title}</h1><p class="post-meta">'
    '<time class="dt-published" datetime="{iso}" itemprop="datePublished">{english}</time></p></header><div class="post-content e-content" itemprop="articleBody">{text}</div><a class="u-url" href="{path}" hidden></a></article></main></body></html>',
    "hugo ananke": HEAD
    + '<body><header><nav><a href="/">{site}</a></nav></header><main><article><header><aside class="instapaper_ignoref b helvetica tracked">{rubric}</aside><h1 class="f1 athelas">{title}</h1><time class="f6 mv4 dib tracked" datetime="{iso}">{english}</time></header><div class="nested-copy-line-height">{text}</div></article></main></body></html>',
    "hugo papermod": HEAD
    + '<body><header class="header"><div class="logo"><a href="{host}/">{site}</a></div>'
    + MENU
    + '</header><main><article class="post-single"><header class="post-header"><div class="breadcrumbs"><a href="{host}/">Home</a> » <a href="/posts/">Posts</a></div><h1 class="post-title entry-hint-parent">{title}</h1>'
    '<div class="post-meta"><span title="{iso}">{english}</span> · 2 min · Редакция</div></header><div class="post-content">{text}</div><footer class="post-footer"><ul class="post-tags"><li><a href="/tags/1/">краны</a></li></ul><nav class="paginav"><a class="next" href="/stariy-zavod/"><span class="title">Next »</span><br><span>Старый завод сменил хозяина и имя</span></a></nav></footer></article></main></body></html>',
    "livestreet": HEAD
    + '<body><article class="topic"><header class="topic-header"><h1 class="topic-title">{title}</h1><div class="topic-info"><a href="/blog/1/" class="topic-blog">{rubric}</a></div></header><div class="topic-content">{text}</div><footer class="topic-footer"><ul class="topic-tags"><li>{tags}</li></ul><ul class="topic-info"><li class="topic-info-author"><a href="/profile/r/">redakciya</a></li>'
    '<li class="topic-info-date"><time datetime="{iso}">{plain}, {clock}</time></li></ul></footer></article>'
    + COMMENTS
    + "</body></html>",
    "ucoz": HEAD
    + '<body><div class="eTitle">{title}</div><table class="eBlock"><tr><td><div class="eMessage">{text}</div></td></tr><tr><td class="eDetails"><span>Просмотров: 45</span> | <span>Добавил: <a href="/index/8-1">admin</a></span> | <span>Дата: {dots}</span> | <span>Рейтинг: 0.0/0</span></td></tr></table></body></html>',
    "modx": HEAD
    + '<body><div class="header"><h1><a href="/">{site}</a></h1></div><div class="content"><h2>{title}</h2><p class="post-info">Опубликовано: {dots} | <a href="#comments">Комментарии (2)</a></p>{text}</div></body></html>',
    "medium look": HEAD
    + '<body><article><h1>{title}</h1><div><div><a href="/@r">Редакция</a></div><div><span>3 min read</span> · <span>{short}</span></div></div><section>{text}</section></article></body></html>',
}


def page(theme: str, post: Post) -> str:
    """Return a post in a theme."""
    return THEMES[theme].format_map(post.fields)


def day_of(post: Post) -> date:
    """Return the day that every theme prints."""
    return post.day.date()

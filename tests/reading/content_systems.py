"""Pages in the manner of widespread content systems: an article, and lists of articles, in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SITE = "Арматурный листок"
HOST = "https://listok.example"
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()


@dataclass(frozen=True)
class Post:
    """An article as its author wrote it."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    day: int
    month: int
    tags: tuple[str, ...]
    rubric: str = "Производство"
    author: str = "Ирина Селезнёва"

    @property
    def address(self) -> str:
        return f"/2025/{self.month:02}/{self.slug}/"

    @property
    def written_date(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]} 2025"

    @property
    def short_date(self) -> str:
        return f"{self.day:02}.{self.month:02}.2025"

    @property
    def iso(self) -> str:
        return f"2025-{self.month:02}-{self.day:02}T09:20:00+03:00"


POSTS = (
    Post(
        "stend",
        "В Рыбинске собрали стенд для проверки клапанов на холоде",
        (
            "Стенд охлаждает клапан до минус шестидесяти градусов и держит давление двое суток подряд.",
            "До сих пор завод возил изделия на полигон за четыреста километров, и каждая поездка занимала неделю.",
            "Первыми проверку пройдут клапаны для северного месторождения, заказ на которые получен весной.",
        ),
        14,
        3,
        ("клапаны", "испытания на холоде"),
    ),
    Post(
        "lityo",
        "Литейный цех перешёл на формы из песка с жидким стеклом",
        (
            "Новые формы не крошатся при заливке, поэтому брака на участке стало втрое меньше.",
            "Мастер участка Олег Верещагин говорит, что людям пришлось заново учиться считать время выдержки.",
        ),
        2,
        4,
        ("литьё", "корпуса задвижек", "качество"),
        rubric="Технологии",
    ),
    Post(
        "kursy",
        "Слесарей научат читать трёхмерные чертежи",
        (
            "Курсы продлятся шесть недель, занятия пройдут прямо в сборочном цехе после смены.",
            "Записались уже сорок человек, среди них половина с двадцатилетним стажем.",
            "Экзамен примут конструкторы завода, а лучших переведут на участок опытных изделий.",
            "Такие же занятия осенью откроют для контролёров, им покажут и работу с лазерным сканером.",
        ),
        21,
        5,
        ("обучение",),
        rubric="Люди",
    ),
    Post(
        "privody",
        "Приводы с памятью запоминают каждое закрытие задвижки",
        (
            "Электроника ведёт счёт ходов и сама сообщает диспетчеру, когда пора менять уплотнение.",
            "Опытную партию поставили на насосную станцию под Тверью, где задвижки закрывают по сорок раз в день.",
            "За первый месяц приборы дважды предупредили о заедании, и ремонт обошёлся без остановки воды.",
        ),
        9,
        6,
        ("электроприводы", "задвижки", "водоканал"),
        rubric="Технологии",
    ),
    Post(
        "vystavka",
        "На выставке в Уфе показали кран без сальника",
        ("Кран держит шток сильфоном, и подтягивать его не нужно весь срок службы, обещает разработчик.",),
        30,
        9,
        ("выставки", "шаровые краны"),
        rubric="События",
    ),
)


def links(names: Sequence[str], path: str, between: str = ", ", rel: str = "") -> str:
    mark = f' rel="{rel}"' if rel else ""
    return between.join(f'<a href="/{path}/{number + 7}/"{mark}>{name}</a>' for number, name in enumerate(names))


def paragraphs(post: Post, count: int | None = None) -> str:
    return "\n".join(f"<p>{text}</p>" for text in post.paragraphs[:count])


def joined(one: Callable[[Post], str]) -> Callable[[Sequence[Post]], str]:
    return lambda posts: "\n".join(map(one, posts))


@dataclass(frozen=True)
class System:
    """How a content system sets an article and the items of its lists; `lists` are its ways to show one."""

    name: str
    article: Callable[[Post], str]
    lists: tuple[Callable[[Sequence[Post]], str], ...]
    heading: str = "<h1>{}</h1>"
    frame: str = "<div id=page><header><div><a href=/>{site}</a></div>{menu}</header><div id=main>{main}</div>{side}<footer>{foot}</footer></div>"
    shows_tags: bool = True

    def page(self, title: str, main: str) -> str:
        menu = "<nav><ul><li><a href='/'>Главная</a></li><li><a href='/about/'>О журнале</a></li><li><a href='/adv/'>Рекламодателям</a></li></ul></nav>"
        latest = "".join(f"<li><a href='{post.address}'>{post.title}</a></li>" for post in POSTS)
        cloud = links(("насосы", "сварка", "экспорт", "выставки", "литьё"), "tag", " ")
        side = f"<aside><section><h2>Свежие записи</h2><ul>{latest}</ul></section><section><h2>Метки</h2><div>{cloud}</div></section></aside>"
        body = self.frame.format(site=SITE, menu=menu, main=main, side=side, foot="<p>© 2025 Арматурный листок</p>")
        return f"<!DOCTYPE html><html lang=ru><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>"

    def article_page(self, post: Post) -> str:
        return self.page(f"{post.title} — {SITE}", self.article(post))

    def list_page(self, number: int, heading: str, posts: Sequence[Post]) -> str:
        head = self.heading.format(heading) if heading else ""
        return self.page(f"{heading} — {SITE}" if heading else SITE, head + self.lists[number](posts))


def _wp_2012(post: Post, *, heading: str, text: str) -> str:
    return (
        f'<article id="post-{post.day}" class="post-{post.day} post type-post category-{post.month}">'
        f'<header class="entry-header">{heading}<div class="comments-link"><a href="{post.address}#respond">Оставить ответ</a></div></header>'
        f'<div class="entry-content">{text}</div><footer class="entry-meta">Запись опубликована '
        f'<a href="{post.address}" rel="bookmark"><time class="entry-date" datetime="{post.iso}">{post.short_date}</time></a>'
        f'<span class="by-author"> автором <span class="author vcard"><a class="url fn" href="/author/is/">{post.author}</a></span></span>'
        f" в рубрике {links([post.rubric], 'category', rel='category tag')} с метками {links(post.tags, 'tag', rel='tag')}.</footer></article>"
    )


def _wp_2010(post: Post, *, heading: str, text: str) -> str:
    return (
        f'<div id="post-{post.day}" class="post-{post.day} hentry">{heading}<div class="entry-meta"><span class="meta-prep">Опубликовано</span> '
        f'<a href="{post.address}" rel="bookmark"><span class="entry-date">{post.short_date}</span></a> автором '
        f'<span class="author"><a href="/author/is/">{post.author}</a></span></div><div class="entry-content">{text}</div>'
        f'<div class="entry-utility"><span class="cat-links"><span class="entry-utility-prep">Рубрика:</span> {links([post.rubric], "category", rel="category tag")}</span>'
        f'<span class="meta-sep">|</span><span class="tag-links"><span>Метки:</span> {links(post.tags, "tag", rel="tag")}</span>'
        f'<span class="meta-sep">|</span><span class="comments-link"><a href="{post.address}#respond">Добавить комментарий</a></span></div></div>'
    )


def _wp_2016(post: Post, *, heading: str, text: str) -> str:
    return (
        f'<article id="post-{post.day}" class="post-{post.day} post"><header class="entry-header">{heading}</header>'
        f'<div class="entry-content">{text}</div><footer class="entry-footer"><span class="byline"><span class="screen-reader-text">Автор </span>'
        f'<a href="/author/is/">{post.author}</a></span><span class="posted-on"><span class="screen-reader-text">Опубликовано </span>'
        f'<a href="{post.address}" rel="bookmark"><time class="entry-date published" datetime="{post.iso}">{post.short_date}</time></a></span>'
        f'<span class="cat-links"><span class="screen-reader-text">Рубрики </span>{links([post.rubric], "category", rel="category tag")}</span>'
        f'<span class="tags-links"><span class="screen-reader-text">Метки </span>{links(post.tags, "tag", rel="tag")}</span></footer></article>'
    )


def _wp_2020(post: Post, *, heading: str, text: str) -> str:
    return (
        f'<article class="post-{post.day}" id="post-{post.day}"><header><div class="entry-categories"><span class="screen-reader-text">Рубрики</span>'
        f'<div class="entry-categories-inner">{links([post.rubric], "category", rel="category tag")}</div></div>{heading}'
        f'<div class="post-meta-wrapper"><ul class="post-meta"><li class="post-author"><span class="meta-icon"><span class="screen-reader-text">Автор записи</span></span>'
        f'<span class="meta-text">Автор: <a href="/author/is/">{post.author}</a></span></li><li class="post-date"><span class="screen-reader-text">Дата записи</span>'
        f'<span class="meta-text"><a href="{post.address}">{post.short_date}</a></span></li></ul></div></header>'
        f'<div class="post-inner"><div class="entry-content">{text}</div></div><div class="section-inner"><div class="post-meta-wrapper"><ul class="post-meta">'
        f'<li class="post-tags"><span class="meta-icon"><span class="screen-reader-text">Метки</span></span><span class="meta-text">{links(post.tags, "tag", rel="tag")}</span></li>'
        "</ul></div></div></article>"
    )


def _wp_blocks(post: Post, *, heading: str, text: str) -> str:
    return (
        f'<li class="wp-block-post post-{post.day}"><div class="wp-block-group">{heading}<div class="wp-block-post-content">{text}</div>'
        f'<div class="wp-block-post-date"><a href="{post.address}"><time datetime="{post.iso}">{post.written_date}</time></a></div></div></li>'
    )


def _wp_blocks_article(post: Post) -> str:
    return (
        f'<main class="wp-block-group"><h1 class="wp-block-post-title">{post.title}</h1><div class="wp-block-post-content">{paragraphs(post)}</div>'
        f'<div class="wp-block-group"><div class="wp-block-post-date"><time datetime="{post.iso}">{post.written_date}</time></div>'
        f'<div class="taxonomy-category wp-block-post-terms">{links([post.rubric], "category", rel="tag")}</div>'
        f'<div class="taxonomy-post_tag wp-block-post-terms">{links(post.tags, "tag", "<span>, </span>", rel="tag")}</div></div>'
        '<nav><div><a href="/2025/01/prev/" rel="prev">Что изменилось в правилах приёмки арматуры</a></div></nav></main>'
    )


def _linked(level: str) -> Callable[[Post], str]:
    return lambda post: (
        f'<{level} class="entry-title"><a href="{post.address}" rel="bookmark">{post.title}</a></{level}>'
    )


def _plain(level: str) -> Callable[[Post], str]:
    return lambda post: f'<{level} class="entry-title">{post.title}</{level}>'


def _more(post: Post) -> str:
    return f'<p>{post.paragraphs[0]} <a href="{post.address}" class="more-link">Читать далее<span class="screen-reader-text"> «{post.title}»</span></a></p>'


def _wordpress(name: str, block: Callable[..., str], level: str, wrap: str = "{}") -> System:
    def article(post: Post) -> str:
        return block(post, heading=_plain("h1")(post), text=paragraphs(post))

    def full(posts: Sequence[Post]) -> str:
        return wrap.format("".join(block(post, heading=_linked(level)(post), text=paragraphs(post)) for post in posts))

    def excerpts(posts: Sequence[Post]) -> str:
        return wrap.format("".join(block(post, heading=_linked(level)(post), text=_more(post)) for post in posts))

    return System(
        name, article, (full, excerpts), heading='<header class="page-header"><h1 class="page-title">{}</h1></header>'
    )


def _plone_article(post: Post) -> str:
    return (
        f'<article id="content"><header><div id="viewlet-above-content-title"></div><h1 class="documentFirstHeading">{post.title}</h1>'
        f'<div class="documentByLine"><span class="documentPublished"><span>Опубликовано</span>: {post.short_date}</span></div></header>'
        f'<div id="content-core"><div id="parent-fieldname-text">{paragraphs(post)}</div></div><footer><div id="category" class="documentByLine">'
        f"<span>Ключевые слова:</span> {links(post.tags, 'search', '<span class=separator>,</span> ')}</div></footer></article>"
    )


def _plone_entry(post: Post) -> str:
    return (
        f'<article class="entry"><header><span class="summary"><a href="{post.address}" class="contenttype-news-item url">{post.title}</a></span>'
        f'<div class="documentByLine"><span class="author">{post.author}</span> — <span>{post.short_date} 09:20</span></div></header>'
        f'<p class="description">{post.paragraphs[0]}</p></article>'
    )


def _hexo(post: Post, heading: str, text: str) -> str:
    return (
        f'<article id="post-{post.slug}" class="h-entry article"><div class="article-meta"><a href="{post.address}" class="article-date">'
        f'<time class="dt-published" datetime="{post.iso}">2025-{post.month:02}-{post.day:02}</time></a><div class="article-category">'
        f'<a class="article-category-link" href="/categories/3/">{post.rubric}</a></div></div><div class="article-inner"><header class="article-header">{heading}</header>'
        f'<div class="e-content article-entry">{text}</div><footer class="article-footer"><a data-url="{post.address}" class="article-share-link">Share</a>'
        '<ul class="article-tag-list">'
        + "".join(
            f'<li class="article-tag-list-item"><a class="article-tag-list-link" href="/tags/{number}/" rel="tag">{name}</a></li>'
            for number, name in enumerate(post.tags)
        )
        + "</ul></footer></div></article>"
    )


def _hexo_archive(post: Post) -> str:
    return (
        f'<article class="archive-article"><div class="archive-article-inner"><header><a href="{post.address}" class="archive-article-date"><time datetime="{post.iso}">'
        f'Mar {post.day}</time></a><h1><a class="archive-article-title" href="{post.address}">{post.title}</a></h1></header></div></article>'
    )


def _next_article(post: Post) -> str:
    return (
        f'<article><header class="post-header"><h1 class="post-title">{post.title}</h1><div class="post-meta"><span class="post-meta-item"><span>Опубликовано</span> '
        f'<time datetime="{post.iso}">2025-{post.month:02}-{post.day:02}</time></span><span class="post-meta-item"><span>В категории</span> <span><a href="/categories/3/"><span>{post.rubric}</span></a></span></span></div></header>'
        f'<div class="post-body">{paragraphs(post)}</div><footer class="post-footer"><div class="post-tags">'
        + " ".join(f'<a href="/tags/{number}/" rel="tag"># {name}</a>' for number, name in enumerate(post.tags))
        + '</div><div class="post-nav"><div class="post-nav-item"><a href="/2025/01/prev/" rel="prev">Что изменилось в правилах приёмки</a></div>'
        '<div class="post-nav-item"><a href="/2025/08/next/" rel="next">Где делают сильфоны для большого давления</a></div></div></footer></article>'
    )


def _pelican_info(post: Post) -> str:
    return (
        f'<footer class="post-info"><abbr class="published" title="{post.iso}">Published: {post.written_date}</abbr><br>'
        f'<address class="vcard author">By <a class="url fn" href="/author/is.html">{post.author}</a></address><p>In <a href="/category/t.html">{post.rubric}</a>.</p>'
        f"<p>tags: {links(post.tags, 'tag', ' ')}</p></footer>"
    )


def _pelican_article(post: Post) -> str:
    return (
        f'<section id="content" class="body"><article><header><h1 class="entry-title"><a href="{post.address}" rel="bookmark" title="Permalink">{post.title}</a></h1></header>'
        f'<div class="entry-content">{_pelican_info(post)}{paragraphs(post)}</div></article></section>'
    )


def _pelican_list(posts: Sequence[Post]) -> str:
    first, *rest = posts
    others = "".join(
        f'<li><article class="hentry"><header><h1><a href="{post.address}" rel="bookmark">{post.title}</a></h1></header><div class="entry-content">'
        f'{_pelican_info(post)}<p>{post.paragraphs[0]}</p><a class="readmore" href="{post.address}">read more</a></div></article></li>'
        for post in rest
    )
    return (
        f'<aside id="featured" class="body"><article><h1 class="entry-title"><a href="{first.address}">{first.title}</a></h1>{_pelican_info(first)}{paragraphs(first)}</article></aside>'
        + (
            f'<section id="content" class="body"><h1>Other articles</h1><hr><ol id="posts-list" class="hfeed">{others}</ol></section>'
            if rest
            else ""
        )
    )


def _material_article(post: Post) -> str:
    tags = "".join(f'<a class="md-tag" href="/tags/#{number}">{name}</a>' for number, name in enumerate(post.tags))
    return (
        f'<div class="md-content__inner"><nav class="md-tags">{tags}</nav><h1 id="x">{post.title}<a class="headerlink" href="#x">¶</a></h1>'
        f'{paragraphs(post)}<aside class="md-source-file"><span><time datetime="{post.iso}">{post.written_date}</time></span></aside></div>'
    )


def _material_entry(post: Post) -> str:
    return (
        f'<article class="md-post md-post--excerpt"><header class="md-post__header"><div class="md-post__meta"><ul><li><time datetime="{post.iso}">{post.written_date}</time></li>'
        f'<li>в <a href="/category/t/">{post.rubric}</a></li><li>чтения на 2 мин</li></ul></div></header><div class="md-post__content"><h2><a class="toclink" href="{post.address}">{post.title}</a></h2>'
        f'<p>{post.paragraphs[0]}</p><nav class="md-post__action"><a href="{post.address}">Читать дальше</a></nav></div></article>'
    )


def _django_article(post: Post) -> str:
    tags = "".join(
        f'<li class="tag_{number}"><a href="/tag/{number}/" class="blog-tag">{name}</a></li>'
        for number, name in enumerate(post.tags)
    )
    return (
        f'<article class="post-item post-detail"><header><h2>{post.title}</h2><ul class="post-detail"><li>Автор: <a href="/author/is/">{post.author}</a></li>'
        f'<li>{post.written_date}</li></ul><ul class="blog-categories-list"><li><a href="/category/t/" class="blog-category">{post.rubric}</a></li></ul>'
        f'<ul class="blog-tags-list">{tags}</ul></header><div class="post-content">{paragraphs(post)}</div></article>'
    )


def _django_entry(post: Post) -> str:
    return (
        f'<article id="post-{post.slug}" class="post-item"><header><h3><a href="{post.address}">{post.title}</a></h3><ul class="post-detail"><li>{post.written_date}</li></ul></header>'
        f'<div class="blog-lead"><p>{post.paragraphs[0]}</p></div><p class="read-more"><a href="{post.address}">читать далее »</a></p></article>'
    )


def _joomla_article(post: Post) -> str:
    tags = "".join(
        f'<li class="tag-{number}"><a href="/component/tags/tag/{number}" class="label label-info">{name}</a></li>'
        for number, name in enumerate(post.tags)
    )
    return (
        f'<div class="item-page"><div class="page-header"><h2 itemprop="headline">{post.title}</h2></div><dl class="article-info"><dt class="article-info-term">Информация о материале</dt>'
        f'<dd class="createdby">Автор: <span>{post.author}</span></dd><dd class="category-name">Категория: <a href="/novosti">{post.rubric}</a></dd>'
        f'<dd class="published"><time datetime="{post.iso}">Опубликовано: {post.written_date}</time></dd><dd class="hits">Просмотров: 412</dd></dl>'
        f'<ul class="tags inline">{tags}</ul><div itemprop="articleBody">{paragraphs(post)}</div><ul class="pager pagenav"><li class="previous"><a href="/novosti/11" rel="prev"><span>Назад</span></a></li>'
        '<li class="next"><a href="/novosti/13" rel="next"><span>Вперед</span></a></li></ul></div>'
    )


def _joomla_entry(post: Post) -> str:
    return (
        f'<div class="items-row"><div class="item column-1"><div class="page-header"><h2 itemprop="name"><a href="{post.address}" itemprop="url">{post.title}</a></h2></div>'
        f'<dl class="article-info"><dd class="published"><time datetime="{post.iso}">Опубликовано: {post.written_date}</time></dd><dd class="hits">Просмотров: 12</dd></dl>'
        f'<p>{post.paragraphs[0]}</p><p class="readmore"><a class="btn" href="{post.address}">Подробнее: {post.title}</a></p></div></div>'
    )


def _joomla_table(posts: Sequence[Post]) -> str:
    rows = "".join(
        f'<tr><td class="list-title"><a href="{post.address}">{post.title}</a></td><td class="list-date">{post.written_date}</td><td>{post.author}</td></tr>'
        for post in posts
    )
    return f'<table class="category"><thead><tr><th>Заголовок</th><th>Дата</th><th>Автор</th></tr></thead><tbody>{rows}</tbody></table>'


def _drupal_article(post: Post) -> str:
    tags = "".join(
        f'<li class="field__item"><a href="/taxonomy/term/{number}" hreflang="ru">{name}</a></li>'
        for number, name in enumerate(post.tags)
    )
    return (
        f'<div class="block-page-title"><h1 class="page-title"><span>{post.title}</span></h1></div><article class="node node--type-article"><footer class="node__meta">'
        f'<div class="node__submitted">Опубликовано {post.author} - пт, {post.day:02}/{post.month:02}/2025 - 09:20</div></footer><div class="node__content"><div class="field--name-body">{paragraphs(post)}</div>'
        f'<div class="field--name-field-tags"><h3 class="field__label">Tags</h3><ul class="field__items">{tags}</ul></div>'
        '<div class="node__links"><ul class="links inline"><li><a href="/user/login">Войдите</a>, чтобы оставлять комментарии</li></ul></div></div></article>'
    )


def _drupal_entry(post: Post) -> str:
    return (
        f'<div class="views-row"><article class="node node--view-mode-teaser"><header><h2 class="node__title"><a href="{post.address}" rel="bookmark"><span>{post.title}</span></a></h2>'
        f'<div class="node__meta"><span>Опубликовано {post.author} - пт, {post.day:02}/{post.month:02}/2025 - 09:20</span></div></header><div class="node__content"><div class="field--name-body"><p>{post.paragraphs[0]}</p></div>'
        f'<div class="node__links"><ul class="links inline"><li class="node-readmore"><a href="{post.address}" title="{post.title}">Подробнее<span class="visually-hidden"> о {post.title}</span></a></li></ul></div></div></article></div>'
    )


def _bitrix_article(post: Post) -> str:
    return (
        f'<h1 id="pagetitle">{post.title}</h1><div class="news-detail"><span class="news-date-time">{post.short_date}</span>'
        + "<br>\n<br>\n".join(post.paragraphs)
        + f'<div style="clear:both"></div><br>Теги: {links(post.tags, "search")}<br></div><p><a href="/news/">Возврат к списку</a></p>'
    )


def _bitrix_list(posts: Sequence[Post]) -> str:
    items = "".join(
        f'<p class="news-item" id="bx_{post.day}"><a href="{post.address}"><img class="preview_picture" src="/upload/{post.slug}.jpg" width="120"></a><span class="news-date-time">{post.short_date}</span> '
        f'<a href="{post.address}"><b>{post.title}</b></a><br>{post.paragraphs[0]}<br></p>'
        for post in posts
    )
    return f'<div class="news-list">{items}</div>'


def _dle_article(post: Post) -> str:
    return (
        f'<div id="dle-content"><article class="box story fullstory"><div class="box_in"><h1 class="title h1">{post.title}</h1><div class="text">{"<br><br>".join(post.paragraphs)}</div>'
        f'<div class="meta"><ul><li class="meta_cat grey"><a href="/{post.month}/">{post.rubric}</a></li><li class="meta_date grey"><time datetime="{post.iso}">{post.day:02}-{post.month:02}-2025, 09:20</time></li></ul></div>'
        f'<div class="story_tags"><div class="title_tags"><span>Теги:</span> {links(post.tags, "tags")}</div></div></div></article></div>'
    )


def _dle_entry(post: Post) -> str:
    return (
        f'<article class="box story shortstory"><div class="box_in"><h2 class="title"><a href="{post.address}">{post.title}</a></h2><div class="text">{post.paragraphs[0]}</div>'
        f'<div class="meta"><ul><li><a href="/3/">{post.rubric}</a></li><li>{post.day:02}-{post.month:02}-2025, 09:20</li><li>Просмотров: 51</li></ul></div><a href="{post.address}" class="btn">Подробнее</a></div></article>'
    )


def _ghost_card(post: Post) -> str:
    return (
        f'<article class="post-card post"><a class="post-card-image-link" href="{post.address}"><img class="post-card-image" src="/i/{post.slug}.jpg" width="600"></a><div class="post-card-content"><a class="post-card-content-link" href="{post.address}">'
        f'<div class="post-card-tags"><span class="post-card-primary-tag">{post.tags[0]}</span></div><h2 class="post-card-title">{post.title}</h2><div class="post-card-excerpt">{post.paragraphs[0]}</div></a>'
        f'<footer class="post-card-meta"><time datetime="{post.iso}">{post.written_date}</time><span>1 min read</span></footer></div></article>'
    )


def _ghost_article(post: Post) -> str:
    more = "".join(_ghost_card(other) for other in POSTS if other is not post)
    return (
        f'<main><article class="article post"><header class="article-header"><div class="article-tag post-card-tags"><span class="post-card-primary-tag">{links(post.tags, "tag", " ")}</span></div><h1 class="article-title">{post.title}</h1>'
        f'<div class="article-byline"><h4><a href="/author/is/">{post.author}</a></h4><time datetime="{post.iso}">{post.written_date}</time><span>1 min read</span></div></header><section class="gh-content">{paragraphs(post)}</section></article></main>'
        f'<aside class="read-more-wrap"><div class="read-more">{more}</div></aside>'
    )


def _minima_entry(post: Post) -> str:
    return f'<li><span class="post-meta">{post.written_date}</span><h3><a class="post-link" href="{post.address}">{post.title}</a></h3></li>'


def _minima_article(post: Post) -> str:
    return f'<article class="post h-entry"><header class="post-header"><h1 class="post-title p-name">{post.title}</h1><p class="post-meta"><time datetime="{post.iso}">{post.written_date}</time></p></header><div class="post-content e-content">{paragraphs(post)}</div></article>'


def _ananke_entry(post: Post) -> str:
    return (
        f'<div class="w-100 mb4"><article class="bb b--black-10"><div class="db pv4"><h1 class="f3 fw1"><a class="link black" href="{post.address}">{post.title}</a></h1><div class="f6 lh-copy"><p>{post.paragraphs[0]}</p></div>'
        f'<a href="{post.address}" class="ba b--moon-gray">читать дальше</a></div></article></div>'
    )


def _ananke_article(post: Post) -> str:
    tags = "".join(
        f'<li class="list di"><a href="/tags/{number}/" class="link f5">{name}</a></li>'
        for number, name in enumerate(post.tags)
    )
    return (
        f'<article class="flex-l"><header class="mt4"><aside class="instapaper_ignoref b">СТАТЬИ</aside><h1 class="f1 athelas">{post.title}</h1><time class="f6 mv4 dib" datetime="{post.iso}">{post.written_date}</time></header>'
        f'<div class="nested-copy-line-height">{paragraphs(post)}<ul class="pa0">{tags}</ul><div class="mt6"></div></div></article>'
    )


def _papermod_entry(post: Post) -> str:
    return (
        f'<article class="post-entry"><header class="entry-header"><h2 class="entry-hint-parent">{post.title}</h2></header><div class="entry-content"><p>{post.paragraphs[0]}</p></div>'
        f'<footer class="entry-footer"><span title="{post.iso}">{post.written_date}</span>&nbsp;·&nbsp;<span>1 мин</span></footer><a class="entry-link" aria-label="{post.title}" href="{post.address}"></a></article>'
    )


def _papermod_article(post: Post) -> str:
    tags = "".join(f'<li><a href="/tags/{number}/">{name}</a></li>' for number, name in enumerate(post.tags))
    return (
        f'<main class="main"><article class="post-single"><header class="post-header"><div class="breadcrumbs"><a href="/">Главная</a>&nbsp;»&nbsp;<a href="/posts/">Статьи</a></div><h1 class="post-title">{post.title}</h1>'
        f'<div class="post-meta"><span>{post.written_date}</span>&nbsp;·&nbsp;<span>1 мин</span></div></header><div class="post-content">{paragraphs(post)}</div><footer class="post-footer"><ul class="post-tags">{tags}</ul>'
        '<nav class="paginav"><a class="next" href="/2025/08/next/"><span class="title">Следующая »</span><br><span>Где делают сильфоны</span></a></nav></footer></article></main>'
    )


def _blogger(post: Post, heading: str, text: str) -> str:
    return (
        f'<div class="date-outer"><h2 class="date-header"><span>{post.written_date}</span></h2><div class="date-posts"><div class="post-outer"><div class="post hentry"><h3 class="post-title entry-title">{heading}</h3><div class="post-body entry-content">{text}</div>'
        f'<div class="post-footer"><div class="post-footer-line-1"><span class="post-author vcard">Автор: <span>{post.author}</span></span> <span class="post-timestamp">на <a class="timestamp-link" href="{post.address}"><abbr title="{post.iso}">09:20</abbr></a></span></div>'
        f'<div class="post-footer-line-2"><span class="post-labels">Ярлыки: {links(post.tags, "search/label", rel="tag")}</span></div></div></div></div></div></div>'
    )


def _anchor(post: Post) -> str:
    return f'<a href="{post.address}">{post.title}</a>'


SYSTEMS = (
    _wordpress("wp-2012", _wp_2012, "h1"),
    _wordpress("wp-2010", _wp_2010, "h2"),
    _wordpress("wp-2016", _wp_2016, "h2"),
    _wordpress("wp-2020", _wp_2020, "h2"),
    System("wp-blocks", _wp_blocks_article, _wordpress("", _wp_blocks, "h2", "<ul>{}</ul>").lists),
    System("plone", _plone_article, (joined(_plone_entry),)),
    System(
        "hexo",
        lambda post: _hexo(post, f'<h1 class="p-name article-title">{post.title}</h1>', paragraphs(post)),
        (
            joined(lambda post: _hexo(post, f"<h1>{_anchor(post)}</h1>", paragraphs(post))),
            joined(lambda post: _hexo(post, f"<h1>{_anchor(post)}</h1>", _more(post))),
            joined(_hexo_archive),
        ),
        heading="",
    ),
    System(
        "next",
        _next_article,
        (joined(_hexo_archive),),
        heading="<div class=collection-title><h1>{}<small>Тег</small></h1></div>",
    ),
    System("pelican", _pelican_article, (_pelican_list,), heading=""),
    System("material", _material_article, (joined(_material_entry),)),
    System("django", _django_article, (joined(_django_entry),), heading="<header><h2>{}</h2></header>"),
    System("joomla", _joomla_article, (joined(_joomla_entry), _joomla_table), heading="<h2>{}</h2>"),
    System("drupal", _drupal_article, (joined(_drupal_entry),)),
    System("bitrix", _bitrix_article, (_bitrix_list,), heading='<h1 id="pagetitle">{}</h1>'),
    System("dle", _dle_article, (joined(_dle_entry),), heading=""),
    System("ghost", _ghost_article, (joined(_ghost_card),)),
    System(
        "minima",
        _minima_article,
        (joined(_minima_entry),),
        heading='<h2 class="post-list-heading">{}</h2>',
        shows_tags=False,
    ),
    System("ananke", _ananke_article, (joined(_ananke_entry),)),
    System("papermod", _papermod_article, (joined(_papermod_entry),)),
    System(
        "blogger",
        lambda post: _blogger(post, post.title, paragraphs(post)),
        (joined(lambda post: _blogger(post, _anchor(post), paragraphs(post))),),
        heading="",
    ),
)

"""One article in the markup of common content systems and site builders, with what they print around the text."""

from __future__ import annotations

TITLE = "Курганский завод запустил участок сборки клапанов"
TEXT = (
    "Курганский арматурный завод запустил участок сборки регулирующих клапанов для котельных.",
    "Участок занимает половину старого цеха, на нём работают восемнадцать человек в две смены.",
    "Что дальше",
    "До конца года завод обещает:",
    "собрать тысячу клапанов",
    "обучить двадцать сборщиков;",
    "Мы считали каждый рубль и купили три станка вместо одного, сказал директор завода.",
    "Первую партию отгрузят в январе",
)
P1, P2, H, P3, L1, L2, Q, P4 = TEXT
HEAD = f"<!DOCTYPE html><html lang='ru'><head><meta charset='utf-8'><title>{TITLE} — Вестник котельщика</title></head>"
LEADS = (
    ("Насосы для скважин подорожали к весне", "Продавцы объясняют рост ценой меди и доставки."),
    ("В Перми испытали затвор на морозе", "Изделие выдержало сорок градусов холода без протечек."),
    ("Литейщики просят отсрочку по налогам", "Письмо подписали двенадцать предприятий области."),
)

WORDPRESS = f"""{HEAD}<body class="single"><header class="site-header"><p class="site-title"><a
href="/">Вестник</a></p>
<nav class="main-navigation"><ul><li><a href="/about/">О нас</a></li></ul></nav></header><div id="content"><main>
<article class="post hentry"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1><div class="entry-meta">
<span class="posted-on">Опубликовано <a href="/2025/12/01/uchastok/"><time datetime="2025-12-01">1 декабря
2025</time></a></span>
<span class="byline"> автором <a href="/author/anna/">Анна</a></span></div></header><div
class="entry-content"><p>{P1}</p>
<p>{P2}</p><h2 class="wp-block-heading">{H}</h2><p>{P3}</p><ul class="wp-block-list"><li>{L1}</li><li>{L2}</li></ul>
<blockquote class="wp-block-quote"><p>{Q}</p></blockquote><figure class="wp-block-image"><img
src="/a.jpg"><figcaption>Участок
сборки</figcaption></figure><p class="has-large-font-size">{P4}</p><div class="sharedaddy"><h3>Поделиться
ссылкой:</h3><ul>
<li><a href="https://vk.com/share">ВКонтакте</a></li></ul></div><div class="jp-relatedposts"><h3>Похожее</h3>
<div><a href="/n/1/">{LEADS[0][0]}</a><p>{LEADS[0][1]}</p></div><div><a
href="/n/2/">{LEADS[1][0]}</a><p>{LEADS[1][1]}</p></div>
</div></div><footer class="entry-footer"><span>Рубрика: <a href="/category/news/" rel="category
tag">Новости</a></span>
<span>Метки: <a href="/tag/klapany/" rel="tag">клапаны</a></span></footer></article>
<nav class="post-navigation"><a href="/n/3/">{LEADS[2][0]}</a></nav><div id="comments"><h2>2
комментария</h2><ol><li><article>
<footer><b>Олег</b> <time>02.12.2025 в 10:00</time></footer><div><p>Хорошее дело, давно пора было
начать.</p></div></article></li>
<li><article><footer><b>Ирина</b> <time>03.12.2025 в 11:10</time></footer><div><p>А цены на клапаны кто-нибудь
знает?</p></div>
</article></li></ol></div></main><aside class="widget-area"><section><h2>О журнале</h2><p>Журнал рассказывает о
котельных
с 2009 года и выходит каждую неделю.</p></section></aside></div><footer>© Вестник котельщика</footer></body></html>"""

PLONE = f"""{HEAD}<body class="template-newsitem_view"><div id="portal-column-content"><div
id="viewlet-above-content"></div>
<article id="content"><header><h1 class="documentFirstHeading">{TITLE}</h1><div class="documentByLine">
<span class="documentAuthor">автор — <a href="/author/anna">Анна</a></span> — <span>опубликовано 01.12.2025
10:00</span></div>
<div class="documentDescription description">{P1}</div></header><div id="content-core"><div
id="parent-fieldname-text">
<p>{P2}</p><h3>{H}</h3><p>{P3}</p><ol><li><p>{L1}</p></li><li><p>{L2}</p></li></ol><blockquote>{Q}</blockquote><div>{P4}</div>
</div></div><footer><div class="documentActions"><ul><li><a href="/print">Распечатать</a></li></ul></div><div
id="category">
<span>Категории:</span> <a href="/search?Subject=klapany">клапаны</a></div></footer></article></div>
<div id="portal-column-two"><div class="portlet"><h3>Новости</h3><p>{LEADS[0][1]} <a
href="/n/1">Подробнее</a></p></div></div>
<div id="portal-footer"><p>Сайт работает на свободной системе, которую пишут добровольцы.</p></div></body></html>"""

HEXO = f"""{HEAD}<body><div id="container"><section id="main"><article class="article"><div class="article-meta">
<a href="/2025/12/01/u/" class="article-date"><time datetime="2025-12-01">2025-12-01</time></a></div><div
class="article-inner">
<header class="article-header"><h1 class="article-title">{TITLE}</h1></header><div
class="article-entry">{P1}<br><br>{P2}<br><br>
<h2 id="x"><a href="#x"
class="headerlink"></a>{H}</h2><p>{P3}</p><ul><li>{L1}</li><li>{L2}</li></ul><blockquote><p>{Q}</p>
</blockquote><p>{P4}</p></div><footer class="article-footer"><a class="article-share-link" href="#">Share</a>
<ul class="article-tag-list"><li><a class="article-tag-list-link"
href="/tags/klapany/">клапаны</a></li></ul></footer></div>
<nav id="article-nav"><a href="/n/1/"><strong>Newer</strong><div>{LEADS[0][0]}</div></a></nav></article></section>
<aside id="sidebar"><div class="widget"><p>{LEADS[1][1]}</p></div></aside></div></body></html>"""

PELICAN = f"""{HEAD}<body id="index"><section id="content" class="body"><article><header><h1 class="entry-title">
<a href="https://kotel.example/news/uchastok.html">{TITLE}</a></h1></header><div class="entry-content"><footer
class="post-info">
<abbr class="published">Пн 01 декабря 2025</abbr><address>By <a href="/author/anna.html">Анна</a></address></footer>
<p>{P1}</p><p>{P2}</p><div class="section"><h2>{H}</h2><p>{P3}</p><ul class="simple"><li>{L1}</li><li>{L2}</li></ul>
<blockquote>{Q}</blockquote><p>{P4}</p></div></div></article></section><section id="extras"><div
class="blogroll"><h2>links</h2>
<ul><li><a href="https://python.example/">Python</a></li></ul></div></section><footer id="contentinfo"><p>Страницы
собирает
генератор, который написан на языке с большой библиотекой.</p></footer></body></html>"""

MKDOCS = f"""{HEAD}<body><div class="md-container"><main><div class="md-sidebar"><nav><ul><li><a
href="..">Главная</a></li></ul>
</nav></div><div class="md-content"><article class="md-content__inner"><h1 id="a">{TITLE}<a class="headerlink"
href="#a"></a></h1>
<p>{P1}</p><div class="admonition note"><p class="admonition-title">Note</p><p>{P2}</p></div><h2
id="b">{H}</h2><p>{P3}</p><ul>
<li>{L1}</li><li>{L2}</li></ul><table><tbody><tr><td>{Q}</td></tr></tbody></table><p>{P4}</p></article></div></main>
<footer><nav><a href="../n/">{LEADS[0][0]}</a></nav></footer></div></body></html>"""

DJANGO_CMS = f"""{HEAD}<body><div class="app-blog"><article class="post-detail"><h2>{TITLE}</h2><ul
class="post-info"><li>
1 декабря 2025</li><li>Анна</li></ul><div class="blog-lead"><p>{P1}</p></div><div class="blog-content"><div
class="row">
<div class="col"><p>{P2}</p></div></div><div class="row"><div
class="col"><h3>{H}</h3><p>{P3}</p><ul><li>{L1}</li><li>{L2}</li>
</ul></div></div><div class="row"><div class="col"><blockquote><p>{Q}</p></blockquote></div></div><div class="row">
<div class="col"><p>{P4}</p></div></div></div></article><p class="back"><a
href="/blog/">Назад</a></p></div></body></html>"""

OLD_TABLES = f"""{HEAD}<body bgcolor=white><form name=aspnetForm method=post><table width=100%><tr><td width=200>
<a href="/">Главная</a><br><a href="/news">Новости</a></td><td><font size=5>{TITLE}</font><br><font
color=gray>01.12.2025</font>
<br><br>{P1}<br><br><font
face=Arial>{P2}</font><br><br><b>{H}</b><br><br>{P3}<ul><li>{L1}<li>{L2}</ul>{Q}<br><br>{P4}<br><br>
<a href="/print/5">Версия для печати</a></td><td><b>Опрос</b><br>Какие клапаны вы ставите?<br><a
href="/poll">Ответить</a></td>
</tr></table></form></body></html>"""

BUILDER = f"""{HEAD}<body><div id="allrecords"><div class="t-rec" id="r1"><div class="t-cover"><h1
class="t-title">{TITLE}</h1>
</div></div><div class="t-rec" id="r2"><div class="t-container"><div class="t-text">{P1}</div></div></div>
<div class="t-rec" id="r3"><div class="t-container"><div class="t-text">{P2}</div></div></div><div class="t-rec"
id="r4">
<div class="t-container"><div class="t-heading">{H}</div></div></div><div class="t-rec" id="r5"><div
class="t-container">
<div class="t-text">{P3}<br><ul><li>{L1}</li><li>{L2}</li></ul></div></div></div><div class="t-rec" id="r6">
<div class="t-container"><div class="t-text">{Q}</div></div></div><div class="t-rec" id="r7"><div class="t-container">
<div class="t-text">{P4}</div></div></div><div class="t-rec" id="r8"><div class="t-menu"><a href="/">Главная</a>
<a href="/contacts">Контакты</a></div></div></div></body></html>"""

BITRIX = f"""{HEAD}<body><div class="header"><a href="/">Вестник</a></div><div class="breadcrumbs"><a
href="/news/">Новости</a>
</div><h1>{TITLE}</h1><div class="news-detail"><img class="detail_picture" src="/u/a.jpg" width="400"><span
class="news-date-time">
01.12.2025</span>{P1}<br /><br />{P2}<br /><br /><b>{H}</b><br /><br />{P3}<br /><ul><li>{L1}</li><li>{L2}</li></ul>
<div class="quote">{Q}</div>{P4}<div style="clear:both"></div><br />Источник:&nbsp;Вестник котельщика<br /></div>
<p><a href="/news/">Возврат к списку</a></p><div
class="subscribe"><form><input><button>OK</button></form></div></body></html>"""

DRUPAL = f"""{HEAD}<body class="page-node"><div id="page"><main><a id="main-content"></a><h1
class="page-header"><span>{TITLE}</span>
</h1><div class="region-content"><article class="node node--type-article"><footer class="node__meta"><div
class="node__submitted">
Отправлено <span>Анна</span> 1 декабря 2025 - 10:00</div></footer><div class="node__content"><div class="field
field--name-body">
<div class="field__item"><p>{P1}</p><p>{P2}</p><h4>{H}</h4><p>{P3}</p>
<ul><li>{L1}</li><li>{L2}</li></ul><p><em>{Q}</em></p>
<p>{P4}</p></div></div><div class="field field--name-field-tags"><div class="field__label">Теги</div><div
class="field__items">
<div class="field__item"><a href="/tags/klapany">клапаны</a></div></div></div></div><section
class="comments"><h2>Добавить
комментарий</h2><form><label>Ваше имя</label><input></form></section></article></div></main></div></body></html>"""

JOOMLA = f"""{HEAD}<body><div class="item-page"><div class="page-header"><h2>{TITLE}</h2></div><dl
class="article-info">
<dt>Подробности</dt><dd class="createdby">Автор: Анна Зимина</dd><dd class="published">Опубликовано: 01 декабря
2025</dd>
<dd class="hits">Просмотров: 412</dd></dl><div
class="com-content-article__body"><p>{P1}</p><p>{P2}</p><p><strong>{H}</strong></p>
<p>{P3}</p><ul><li>{L1}</li><li>{L2}</li></ul><p><img src="/b.jpg" width="500"></p><p>{Q}</p><p>{P4}</p></div>
<nav class="pagenavigation"><a href="/n/1">Назад</a></nav></div><div class="module"><h3>Популярное</h3><ul><li><a
href="/n/2">
{LEADS[1][0]}</a></li></ul></div></body></html>"""

DLE = f"""{HEAD}<body><div id="dle-content"><article class="full"><h1 class="title">{TITLE}</h1><div
class="meta"><span>Анна</span>
<span>1 декабря 2025</span><span>412</span></div><div class="full-text"><div
class="lead"><b>{P1}</b></div>{P2}<br><br>
<b>{H}</b><br><br><div>{P3}</div><div>{L1}</div><div>{L2}</div><!--QuoteBegin--><div
class="quote">{Q}</div><!--QuoteEnd-->
<span>{P4}</span></div><div class="related"><div class="related-title">А вы читали?</div><div class="rel"><a
href="/n/1.html"><img
src="/1.jpg">{LEADS[0][0]}</a></div><div class="rel"><a href="/n/2.html"><img
src="/2.jpg">{LEADS[1][0]}</a></div></div>
<div class="rate">Нравится: 12</div></article></div></body></html>"""

THEMES = {
    "wordpress": WORDPRESS,
    "plone": PLONE,
    "hexo": HEXO,
    "pelican": PELICAN,
    "mkdocs": MKDOCS,
    "django cms": DJANGO_CMS,
    "old tables": OLD_TABLES,
    "builder": BUILDER,
    "bitrix": BITRIX,
    "drupal": DRUPAL,
    "joomla": JOOMLA,
    "dle": DLE,
}
# What each of these pages prints around the text.
FOREIGN = (
    *(lead for pair in LEADS for lead in pair),
    *(
        "Поделиться",
        "Хорошее дело",
        "А цены",
        "Журнал рассказывает",
        "Сайт работает",
        "Страницы собирает",
        "Какие клапаны",
    ),
    *(
        "Возврат к списку",
        "Источник:",
        "Просмотров",
        "Участок сборки",
        "Нравится",
        "А вы читали",
        "Анна",
        "Опрос",
        "Note",
    ),
    *("декабря 2025", "01.12.2025", "Контакты", "Распечатать", "412", "Назад"),
)

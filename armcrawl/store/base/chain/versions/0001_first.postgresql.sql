CREATE TABLE runs (
	id BIGSERIAL NOT NULL,
	site TEXT NOT NULL,
	kind TEXT NOT NULL CONSTRAINT ck_runs_kind CHECK (kind IN ('crawl', 'backfill', 'demo', 'import', 'wayback', 'reparse', 'replay')),
	arguments JSONB NOT NULL,
	version TEXT NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	finished_at TIMESTAMP WITH TIME ZONE,
	outcome TEXT CONSTRAINT ck_runs_outcome CHECK (outcome IN ('done', 'budget', 'failed', 'blocked', 'refused', 'unchecked', 'interrupted', 'died')),
	requests INTEGER,
	counts JSONB,
	host TEXT,
	exit_code INTEGER,
	sentence TEXT,
	verdict TEXT CONSTRAINT ck_runs_verdict CHECK (verdict IN ('passed', 'not judged', 'refused', 'accepted', 'rejected')),
	unjudged TEXT,
	picture JSONB,
	breaches JSONB,
	stats JSONB,
	CONSTRAINT pk_runs PRIMARY KEY (id)
)

CREATE TABLE origins (
	site TEXT NOT NULL,
	origin TEXT NOT NULL,
	first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_origins PRIMARY KEY (site, origin)
)

CREATE TABLE pages (
	id BIGSERIAL NOT NULL,
	site TEXT NOT NULL,
	section TEXT NOT NULL,
	external_id TEXT NOT NULL,
	number BIGINT,
	address TEXT NOT NULL,
	outcome TEXT NOT NULL CONSTRAINT ck_pages_outcome CHECK (outcome IN ('stored', 'missing', 'gone', 'not_article', 'quarantined', 'failed', 'removed')),
	reason TEXT,
	http_status INTEGER,
	etag TEXT,
	last_modified TEXT,
	digest TEXT,
	first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
	next_check_at TIMESTAMP WITH TIME ZONE,
	attempts INTEGER NOT NULL,
	checks INTEGER DEFAULT '0' NOT NULL,
	last_error TEXT,
	CONSTRAINT pk_pages PRIMARY KEY (id),
	CONSTRAINT uq_pages_site_section_external_id UNIQUE (site, section, external_id)
)

CREATE TABLE sightings (
	id BIGSERIAL NOT NULL,
	site TEXT NOT NULL,
	section TEXT NOT NULL,
	external_id TEXT NOT NULL,
	source TEXT NOT NULL,
	place TEXT NOT NULL,
	address TEXT NOT NULL,
	title TEXT,
	text TEXT,
	day DATE,
	changed_at TIMESTAMP WITH TIME ZONE,
	moved_at TIMESTAMP WITH TIME ZONE,
	asked_for TIMESTAMP WITH TIME ZONE,
	first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sightings PRIMARY KEY (id),
	CONSTRAINT uq_sightings_site_section_external_id_source UNIQUE (site, section, external_id, source)
)

CREATE TABLE source_pages (
	site TEXT NOT NULL,
	source TEXT NOT NULL,
	address TEXT NOT NULL,
	etag TEXT,
	last_modified TEXT,
	digest TEXT,
	told TEXT,
	links TEXT,
	fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_source_pages PRIMARY KEY (site, source, address)
)

CREATE TABLE entities (
	id BIGSERIAL NOT NULL,
	key TEXT NOT NULL,
	name TEXT NOT NULL,
	slug TEXT NOT NULL,
	kind TEXT CONSTRAINT ck_entities_kind CHECK (kind IN ('person', 'organisation', 'place', 'product', 'event', 'topic')),
	CONSTRAINT pk_entities PRIMARY KEY (id),
	CONSTRAINT uq_entities_key UNIQUE (key)
)

CREATE TABLE entity_decisions (
	id BIGSERIAL NOT NULL,
	action TEXT NOT NULL CONSTRAINT ck_entity_decisions_action CHECK (action IN ('merge', 'split', 'rename', 'kind')),
	used_as TEXT NOT NULL CONSTRAINT ck_entity_decisions_used_as CHECK (used_as IN ('tag', 'source', 'name')),
	form TEXT NOT NULL,
	other_used_as TEXT CONSTRAINT ck_entity_decisions_other_used_as CHECK (other_used_as IN ('tag', 'source', 'name')),
	other TEXT,
	address TEXT,
	article TEXT,
	name TEXT,
	kind TEXT CONSTRAINT ck_entity_decisions_kind CHECK (kind IN ('person', 'organisation', 'place', 'product', 'event', 'topic')),
	decided_by TEXT NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_entity_decisions PRIMARY KEY (id)
)

CREATE TABLE texts (
	id BIGINT NOT NULL,
	sketch BYTEA NOT NULL,
	CONSTRAINT pk_texts PRIMARY KEY (id)
)

CREATE TABLE shingle_postings (
	bucket INTEGER NOT NULL,
	postings BYTEA NOT NULL,
	CONSTRAINT pk_shingle_postings PRIMARY KEY (bucket)
)

CREATE TABLE backups (
	folder TEXT NOT NULL,
	taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_backups PRIMARY KEY (folder)
)

CREATE TABLE removals (
	id BIGSERIAL NOT NULL,
	key TEXT NOT NULL,
	reason TEXT NOT NULL,
	removed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	copy_of TEXT,
	CONSTRAINT pk_removals PRIMARY KEY (id),
	CONSTRAINT uq_removals_key UNIQUE (key)
)

CREATE TABLE unwiped (
	archive_file TEXT NOT NULL,
	archive_offset BIGINT NOT NULL,
	CONSTRAINT pk_unwiped PRIMARY KEY (archive_file, archive_offset)
)

CREATE TABLE exchange_rates (
	site TEXT NOT NULL,
	day DATE NOT NULL,
	euro NUMERIC(12, 4) NOT NULL,
	dollar NUMERIC(12, 4) NOT NULL,
	CONSTRAINT pk_exchange_rates PRIMARY KEY (site, day)
)

CREATE TABLE walks (
	id BIGSERIAL NOT NULL,
	site TEXT NOT NULL,
	source TEXT NOT NULL,
	run_id BIGINT,
	began_at TIMESTAMP WITH TIME ZONE NOT NULL,
	last_at TIMESTAMP WITH TIME ZONE NOT NULL,
	pages INTEGER NOT NULL,
	seen INTEGER NOT NULL,
	"new" INTEGER NOT NULL,
	reached_known BOOLEAN NOT NULL,
	is_whole BOOLEAN NOT NULL,
	ended TEXT,
	left_at TEXT,
	gap_from DATE,
	gap_to DATE,
	CONSTRAINT pk_walks PRIMARY KEY (id),
	CONSTRAINT fk_walks_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)

CREATE TABLE captures (
	id BIGSERIAL NOT NULL,
	page_id BIGINT NOT NULL,
	fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
	last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	run_id BIGINT,
	cause TEXT NOT NULL CONSTRAINT ck_captures_cause CHECK (cause IN ('fetch', 'import')),
	is_judged BOOLEAN NOT NULL,
	http_status INTEGER,
	outcome TEXT NOT NULL CONSTRAINT ck_captures_outcome CHECK (outcome IN ('stored', 'missing', 'not_article', 'quarantined', 'failed')),
	reason TEXT,
	content_hash TEXT,
	document_hash TEXT,
	parser_version INTEGER NOT NULL,
	words INTEGER NOT NULL,
	is_cut BOOLEAN NOT NULL,
	digest TEXT,
	archive_file TEXT,
	archive_offset BIGINT,
	payload_digest TEXT,
	CONSTRAINT pk_captures PRIMARY KEY (id),
	CONSTRAINT uq_captures_page_id_fetched_at UNIQUE (page_id, fetched_at),
	CONSTRAINT fk_captures_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE,
	CONSTRAINT fk_captures_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)

CREATE TABLE articles (
	id BIGSERIAL NOT NULL,
	page_id BIGINT NOT NULL,
	key TEXT NOT NULL,
	current_version INTEGER NOT NULL,
	published_version INTEGER,
	CONSTRAINT pk_articles PRIMARY KEY (id),
	CONSTRAINT uq_articles_page_id UNIQUE (page_id),
	CONSTRAINT fk_articles_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE,
	CONSTRAINT uq_articles_key UNIQUE (key)
)

CREATE TABLE entity_forms (
	id BIGSERIAL NOT NULL,
	entity_id BIGINT NOT NULL,
	used_as TEXT NOT NULL CONSTRAINT ck_entity_forms_used_as CHECK (used_as IN ('tag', 'source', 'name')),
	form TEXT NOT NULL,
	name TEXT NOT NULL,
	key TEXT NOT NULL,
	kind TEXT CONSTRAINT ck_entity_forms_kind CHECK (kind IN ('person', 'organisation', 'place', 'product', 'event', 'topic')),
	confidence FLOAT,
	quoted_name TEXT,
	CONSTRAINT pk_entity_forms PRIMARY KEY (id),
	CONSTRAINT uq_entity_forms_form_used_as_name UNIQUE (form, used_as, name),
	CONSTRAINT fk_entity_forms_entity_id_entities FOREIGN KEY(entity_id) REFERENCES entities (id) ON DELETE CASCADE
)

CREATE TABLE relations (
	first_id BIGINT NOT NULL,
	second_id BIGINT NOT NULL,
	grade TEXT NOT NULL CONSTRAINT ck_relations_grade CHECK (grade IN ('same', 'near', 'excerpt')),
	containment_first FLOAT NOT NULL,
	containment_second FLOAT NOT NULL,
	jaccard FLOAT NOT NULL,
	CONSTRAINT pk_relations PRIMARY KEY (first_id, second_id),
	CONSTRAINT fk_relations_first_id_texts FOREIGN KEY(first_id) REFERENCES texts (id) ON DELETE CASCADE,
	CONSTRAINT fk_relations_second_id_texts FOREIGN KEY(second_id) REFERENCES texts (id) ON DELETE CASCADE
)

CREATE TABLE removal_digests (
	removal_id BIGINT NOT NULL,
	kind TEXT NOT NULL CONSTRAINT ck_removal_digests_kind CHECK (kind IN ('body', 'payload', 'text')),
	digest TEXT NOT NULL,
	CONSTRAINT pk_removal_digests PRIMARY KEY (removal_id, kind, digest),
	CONSTRAINT fk_removal_digests_removal_id_removals FOREIGN KEY(removal_id) REFERENCES removals (id) ON DELETE CASCADE
)

CREATE TABLE readings (
	id BIGSERIAL NOT NULL,
	capture_id BIGINT NOT NULL,
	run_id BIGINT,
	read_at TIMESTAMP WITH TIME ZONE NOT NULL,
	outcome TEXT NOT NULL CONSTRAINT ck_readings_outcome CHECK (outcome IN ('stored', 'missing', 'not_article', 'quarantined', 'failed')),
	reason TEXT,
	content_hash TEXT,
	document_hash TEXT,
	parser_version INTEGER NOT NULL,
	words INTEGER NOT NULL,
	is_cut BOOLEAN NOT NULL,
	CONSTRAINT pk_readings PRIMARY KEY (id),
	CONSTRAINT uq_readings_capture_id_run_id UNIQUE (capture_id, run_id),
	CONSTRAINT fk_readings_capture_id_captures FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE,
	CONSTRAINT fk_readings_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)

CREATE TABLE entity_addresses (
	address TEXT NOT NULL,
	form_id BIGINT NOT NULL,
	is_evidence BOOLEAN NOT NULL,
	CONSTRAINT pk_entity_addresses PRIMARY KEY (address, form_id),
	CONSTRAINT fk_entity_addresses_form_id_entity_forms FOREIGN KEY(form_id) REFERENCES entity_forms (id) ON DELETE CASCADE
)

CREATE TABLE abbreviations (
	article_id BIGINT NOT NULL,
	abbreviation TEXT NOT NULL,
	expansion TEXT NOT NULL,
	CONSTRAINT pk_abbreviations PRIMARY KEY (article_id, abbreviation, expansion),
	CONSTRAINT fk_abbreviations_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE article_tags (
	article_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	entity_id BIGINT NOT NULL,
	form_id BIGINT NOT NULL,
	address TEXT,
	CONSTRAINT pk_article_tags PRIMARY KEY (article_id, position),
	CONSTRAINT fk_article_tags_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_tags_entity_id_entities FOREIGN KEY(entity_id) REFERENCES entities (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_tags_form_id_entity_forms FOREIGN KEY(form_id) REFERENCES entity_forms (id) ON DELETE CASCADE
)

CREATE TABLE article_sources (
	article_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	entity_id BIGINT NOT NULL,
	form_id BIGINT NOT NULL,
	kind TEXT CONSTRAINT ck_article_sources_kind CHECK (kind IN ('own desk', 'press service', 'agency', 'journal', 'web site', 'ministry')),
	address TEXT,
	CONSTRAINT pk_article_sources PRIMARY KEY (article_id, position),
	CONSTRAINT fk_article_sources_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_sources_entity_id_entities FOREIGN KEY(entity_id) REFERENCES entities (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_sources_form_id_entity_forms FOREIGN KEY(form_id) REFERENCES entity_forms (id) ON DELETE CASCADE
)

CREATE TABLE images (
	article_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	address TEXT NOT NULL,
	caption TEXT,
	CONSTRAINT pk_images PRIMARY KEY (article_id, position),
	CONSTRAINT fk_images_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE article_links (
	article_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	address TEXT NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_article_links PRIMARY KEY (article_id, position),
	CONSTRAINT fk_article_links_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE clusters (
	id BIGSERIAL NOT NULL,
	key TEXT NOT NULL,
	anchor_id BIGINT NOT NULL,
	first_id BIGINT,
	reason TEXT NOT NULL CONSTRAINT ck_clusters_reason CHECK (reason IN ('link', 'attribution', 'time', 'day', 'length', 'tie', 'size')),
	confidence FLOAT NOT NULL,
	CONSTRAINT pk_clusters PRIMARY KEY (id),
	CONSTRAINT uq_clusters_key UNIQUE (key),
	CONSTRAINT fk_clusters_anchor_id_texts FOREIGN KEY(anchor_id) REFERENCES texts (id) ON DELETE CASCADE,
	CONSTRAINT fk_clusters_first_id_articles FOREIGN KEY(first_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE unjoined (
	article_id BIGINT NOT NULL,
	CONSTRAINT pk_unjoined PRIMARY KEY (article_id),
	CONSTRAINT fk_unjoined_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE quarantine (
	id BIGSERIAL NOT NULL,
	page_id BIGINT NOT NULL,
	stage TEXT NOT NULL,
	reason TEXT NOT NULL,
	capture_id BIGINT,
	body BYTEA,
	content_type TEXT,
	content_encoding TEXT,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	resolved_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_quarantine PRIMARY KEY (id),
	CONSTRAINT uq_quarantine_page_id_stage UNIQUE (page_id, stage),
	CONSTRAINT fk_quarantine_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE,
	CONSTRAINT fk_quarantine_capture_id_captures FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE
)

CREATE TABLE search_documents (
	place BIGINT NOT NULL,
	article_id BIGINT NOT NULL,
	title TSVECTOR NOT NULL,
	tags TSVECTOR NOT NULL,
	sources TSVECTOR NOT NULL,
	text TSVECTOR NOT NULL,
	CONSTRAINT pk_search_documents PRIMARY KEY (place),
	CONSTRAINT uq_search_documents_article_id UNIQUE (article_id) INCLUDE (place),
	CONSTRAINT fk_search_documents_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE unindexed (
	article_id BIGINT NOT NULL,
	CONSTRAINT pk_unindexed PRIMARY KEY (article_id),
	CONSTRAINT fk_unindexed_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE article_versions (
	id BIGSERIAL NOT NULL,
	article_id BIGINT NOT NULL,
	number INTEGER,
	run_id BIGINT,
	cause TEXT NOT NULL CONSTRAINT ck_article_versions_cause CHECK (cause IN ('fetch', 'import', 're-extraction')),
	state TEXT NOT NULL CONSTRAINT ck_article_versions_state CHECK (state IN ('shown', 'withheld')),
	capture_id BIGINT,
	reading_id BIGINT,
	parser_version INTEGER NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	title TEXT NOT NULL,
	lead TEXT,
	body TEXT NOT NULL,
	published_on DATE,
	date_precision TEXT CONSTRAINT ck_article_versions_date_precision CHECK (date_precision IN ('day', 'month', 'year')),
	published_at TIMESTAMP WITH TIME ZONE,
	date_text TEXT,
	attribution TEXT,
	author TEXT,
	word_count INTEGER NOT NULL,
	content_hash TEXT NOT NULL,
	document_hash TEXT NOT NULL,
	text_hash TEXT NOT NULL,
	document JSONB NOT NULL,
	CONSTRAINT pk_article_versions PRIMARY KEY (id),
	CONSTRAINT uq_article_versions_article_id_number UNIQUE (article_id, number),
	CONSTRAINT fk_article_versions_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_versions_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_versions_capture_id_captures FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_versions_reading_id_readings FOREIGN KEY(reading_id) REFERENCES readings (id) ON DELETE CASCADE
)

CREATE TABLE cluster_members (
	article_id BIGINT NOT NULL,
	text_id BIGINT NOT NULL,
	cluster_id BIGINT,
	CONSTRAINT pk_cluster_members PRIMARY KEY (article_id),
	CONSTRAINT fk_cluster_members_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_cluster_members_text_id_texts FOREIGN KEY(text_id) REFERENCES texts (id) ON DELETE CASCADE,
	CONSTRAINT fk_cluster_members_cluster_id_clusters FOREIGN KEY(cluster_id) REFERENCES clusters (id) ON DELETE SET NULL
)

COMMENT ON COLUMN abbreviations.abbreviation IS 'Key of the abbreviation'

COMMENT ON COLUMN abbreviations.article_id IS 'The article'

COMMENT ON COLUMN abbreviations.expansion IS 'Key of what it stands for'

COMMENT ON COLUMN article_links.address IS 'Where the link goes'

COMMENT ON COLUMN article_links.article_id IS 'The article'

COMMENT ON COLUMN article_links.position IS 'Place in the body, from 0'

COMMENT ON COLUMN article_links.text IS 'The linked words'

COMMENT ON COLUMN article_sources.address IS 'Where the line links to'

COMMENT ON COLUMN article_sources.article_id IS 'The article'

COMMENT ON COLUMN article_sources.entity_id IS 'Whom it names'

COMMENT ON COLUMN article_sources.form_id IS 'The source as printed'

COMMENT ON COLUMN article_sources.kind IS 'own desk, press service, agency, journal, web site or ministry, where certain'

COMMENT ON COLUMN article_sources.position IS 'Place in the line, from 0'

COMMENT ON COLUMN article_tags.address IS 'Where the tag links to'

COMMENT ON COLUMN article_tags.article_id IS 'The article'

COMMENT ON COLUMN article_tags.entity_id IS 'What the tag names'

COMMENT ON COLUMN article_tags.form_id IS 'The tag as this page prints it'

COMMENT ON COLUMN article_tags.position IS 'Place in the page''s list, from 0'

COMMENT ON COLUMN article_versions.article_id IS 'The article'

COMMENT ON COLUMN article_versions.attribution IS 'The attribution line as printed'

COMMENT ON COLUMN article_versions.author IS 'Author as printed'

COMMENT ON COLUMN article_versions.body IS 'Clean paragraphs, parted by blank lines'

COMMENT ON COLUMN article_versions.capture_id IS 'The answer that it was read from'

COMMENT ON COLUMN article_versions.cause IS 'fetch, re-extraction or import'

COMMENT ON COLUMN article_versions.content_hash IS 'Title, date, paragraphs, attribution, printed tags'

COMMENT ON COLUMN article_versions.created_at IS 'When it was written (UTC)'

COMMENT ON COLUMN article_versions.date_precision IS 'day, month or year: how much of the date is known'

COMMENT ON COLUMN article_versions.date_text IS 'The date as printed'

COMMENT ON COLUMN article_versions.document IS 'The rest: tags, sources, images, links, evidence, notes'

COMMENT ON COLUMN article_versions.document_hash IS 'All that is told of the article, but how it was found'

COMMENT ON COLUMN article_versions.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN article_versions.lead IS 'The block of text that opens the article'

COMMENT ON COLUMN article_versions.number IS '1 for the first version, then rising; NULL for a text that is kept beside them'

COMMENT ON COLUMN article_versions.parser_version IS 'Version of the parser that read it'

COMMENT ON COLUMN article_versions.published_at IS 'Moment of publication (UTC), where a time is printed'

COMMENT ON COLUMN article_versions.published_on IS 'Date of publication in the site''s zone; first day of what is known'

COMMENT ON COLUMN article_versions.reading_id IS 'The later reading of it; NULL for the first one'

COMMENT ON COLUMN article_versions.run_id IS 'The run that wrote it'

COMMENT ON COLUMN article_versions.state IS 'shown, or withheld: its run has not ended, or did not pass'

COMMENT ON COLUMN article_versions.text_hash IS 'Normal form of title and body'

COMMENT ON COLUMN article_versions.title IS 'Title as printed'

COMMENT ON COLUMN article_versions.word_count IS 'Words of the body'

COMMENT ON COLUMN articles.current_version IS 'Number of the newest version'

COMMENT ON COLUMN articles.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN articles.key IS 'Public identity: site, section and id, parted by slashes'

COMMENT ON COLUMN articles.page_id IS 'The page that shows it'

COMMENT ON COLUMN articles.published_version IS 'Number of the version that is published'

COMMENT ON COLUMN backups.folder IS 'Where it is, on the machine that took it'

COMMENT ON COLUMN backups.taken_at IS 'The moment of which it is (UTC)'

COMMENT ON COLUMN captures.archive_file IS 'WARC file that holds the bytes'

COMMENT ON COLUMN captures.archive_offset IS 'Where in that file the record begins, in bytes'

COMMENT ON COLUMN captures.cause IS 'fetch, or import if it came from an archive'

COMMENT ON COLUMN captures.content_hash IS 'Title, date, paragraphs, attribution, printed tags of its article'

COMMENT ON COLUMN captures.digest IS 'blake2b of the body; NULL for an answer without one'

COMMENT ON COLUMN captures.document_hash IS 'All that is told of that article, but how it was found'

COMMENT ON COLUMN captures.fetched_at IS 'When it was fetched (UTC)'

COMMENT ON COLUMN captures.http_status IS 'Status of the answer'

COMMENT ON COLUMN captures.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN captures.is_cut IS 'The page ended in the middle of that article'

COMMENT ON COLUMN captures.is_judged IS 'The verdict on its run decides whether its article is shown'

COMMENT ON COLUMN captures.last_seen_at IS 'When the site last said that this is how it is (UTC)'

COMMENT ON COLUMN captures.outcome IS 'stored, missing, not_article, quarantined or failed'

COMMENT ON COLUMN captures.page_id IS 'The page'

COMMENT ON COLUMN captures.parser_version IS 'Version of the parser that read it'

COMMENT ON COLUMN captures.payload_digest IS 'Digest of the body as received, as the WARC record has it'

COMMENT ON COLUMN captures.reason IS 'Why, for every outcome but stored'

COMMENT ON COLUMN captures.run_id IS 'The run that got it'

COMMENT ON COLUMN captures.words IS 'Words of that article''s body; 0 without one'

COMMENT ON COLUMN cluster_members.article_id IS 'The article'

COMMENT ON COLUMN cluster_members.cluster_id IS 'Its cluster; NULL if it stands alone'

COMMENT ON COLUMN cluster_members.text_id IS 'Its text'

COMMENT ON COLUMN clusters.anchor_id IS 'Its earliest text, of which all others are copies'

COMMENT ON COLUMN clusters.confidence IS 'How sure that is, 0 to 1'

COMMENT ON COLUMN clusters.first_id IS 'Who had it first; NULL for a tie'

COMMENT ON COLUMN clusters.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN clusters.key IS 'The lowest key of its articles'

COMMENT ON COLUMN clusters.reason IS 'What tells so: link, attribution, time, day, length, tie, size (of a series)'

COMMENT ON COLUMN entities.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN entities.key IS 'What the spellings of its best name share'

COMMENT ON COLUMN entities.kind IS 'person, organisation, place, product, event or topic, where certain'

COMMENT ON COLUMN entities.name IS 'Its name'

COMMENT ON COLUMN entities.slug IS 'Latin form for addresses; not unique'

COMMENT ON COLUMN entity_addresses.address IS 'Where a tag or a source links to'

COMMENT ON COLUMN entity_addresses.form_id IS 'What is printed there'

COMMENT ON COLUMN entity_addresses.is_evidence IS 'All that link there are forms of one name; else it is a position or a section'

COMMENT ON COLUMN entity_decisions.action IS 'merge, split, rename or kind'

COMMENT ON COLUMN entity_decisions.address IS 'split: only where the form links to this address'

COMMENT ON COLUMN entity_decisions.article IS 'split: only in the article with this key'

COMMENT ON COLUMN entity_decisions.decided_at IS 'When (UTC)'

COMMENT ON COLUMN entity_decisions.decided_by IS 'Who decided so'

COMMENT ON COLUMN entity_decisions.form IS 'A printed form of the entity'

COMMENT ON COLUMN entity_decisions.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN entity_decisions.kind IS 'kind: person, organisation, place, product, event or topic; NULL for what nobody can tell'

COMMENT ON COLUMN entity_decisions.name IS 'What the entity is called from then on; NULL for a kind'

COMMENT ON COLUMN entity_decisions.other IS 'merge: a printed form of the entity that is the same'

COMMENT ON COLUMN entity_decisions.other_used_as IS 'merge: how the other form is used: tag, source or name'

COMMENT ON COLUMN entity_decisions.used_as IS 'tag, source or name: how the form is used'

COMMENT ON COLUMN entity_forms.confidence IS 'How sure the name is, 0 to 1; below 0.6 somebody should look; NULL if not judged'

COMMENT ON COLUMN entity_forms.entity_id IS 'The entity that it means'

COMMENT ON COLUMN entity_forms.form IS 'As printed'

COMMENT ON COLUMN entity_forms.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN entity_forms.key IS 'What the spellings of that name share'

COMMENT ON COLUMN entity_forms.kind IS 'person, organisation, place, product, event or topic, where certain'

COMMENT ON COLUMN entity_forms.name IS 'The name that the parser gives it, in the nominative'

COMMENT ON COLUMN entity_forms.quoted_name IS 'Key of the name in quotes, if it has one, without what stands before'

COMMENT ON COLUMN entity_forms.used_as IS 'tag, source, or name: what a person calls an entity that was split off'

COMMENT ON COLUMN exchange_rates.day IS 'Their day'

COMMENT ON COLUMN exchange_rates.dollar IS 'Roubles for one dollar'

COMMENT ON COLUMN exchange_rates.euro IS 'Roubles for one euro'

COMMENT ON COLUMN exchange_rates.site IS 'Name of the site that printed them'

COMMENT ON COLUMN images.address IS 'Address of the picture'

COMMENT ON COLUMN images.article_id IS 'The article'

COMMENT ON COLUMN images.caption IS 'Caption as printed'

COMMENT ON COLUMN images.position IS 'Place in the article, from 0'

COMMENT ON COLUMN origins.first_seen_at IS 'When it was first used (UTC)'

COMMENT ON COLUMN origins.origin IS 'Address of the server that pages were fetched from'

COMMENT ON COLUMN origins.site IS 'Name of the site'

COMMENT ON COLUMN pages.address IS 'The one address of the page'

COMMENT ON COLUMN pages.attempts IS 'Failed attempts in a row'

COMMENT ON COLUMN pages.checks IS 'Looks in a row that showed nothing new'

COMMENT ON COLUMN pages.digest IS 'blake2b of the last body'

COMMENT ON COLUMN pages.etag IS 'ETag of the last answer with a page'

COMMENT ON COLUMN pages.external_id IS 'The site''s own id of the page'

COMMENT ON COLUMN pages.fetched_at IS 'When it was last asked for (UTC)'

COMMENT ON COLUMN pages.first_seen_at IS 'When it was first asked for (UTC)'

COMMENT ON COLUMN pages.http_status IS 'Status of the last answer'

COMMENT ON COLUMN pages.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN pages.last_error IS 'The last failure in words'

COMMENT ON COLUMN pages.last_modified IS 'Last-Modified of the last answer with a page'

COMMENT ON COLUMN pages.next_check_at IS 'When to ask again (UTC); NULL for never'

COMMENT ON COLUMN pages.number IS 'The id as a number, where the site counts its pages'

COMMENT ON COLUMN pages.outcome IS 'stored, missing, gone, not_article, quarantined, failed or removed'

COMMENT ON COLUMN pages.reason IS 'Why, for every outcome but stored'

COMMENT ON COLUMN pages.section IS 'Section of the site'

COMMENT ON COLUMN pages.site IS 'Name of the site'

COMMENT ON COLUMN quarantine.body IS 'The bytes themselves, zlib-compressed'

COMMENT ON COLUMN quarantine.capture_id IS 'The bytes in the archive'

COMMENT ON COLUMN quarantine.content_encoding IS 'How those bytes are packed (Content-Encoding); NULL for a page as it is read'

COMMENT ON COLUMN quarantine.content_type IS 'Content-Type of those bytes'

COMMENT ON COLUMN quarantine.created_at IS 'When it was quarantined (UTC)'

COMMENT ON COLUMN quarantine.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN quarantine.page_id IS 'The page'

COMMENT ON COLUMN quarantine.reason IS 'Why'

COMMENT ON COLUMN quarantine.resolved_at IS 'When it was understood after all (UTC)'

COMMENT ON COLUMN quarantine.stage IS 'Which stage did not understand it'

COMMENT ON COLUMN readings.capture_id IS 'The answer'

COMMENT ON COLUMN readings.content_hash IS 'Title, date, paragraphs, attribution, printed tags of its article'

COMMENT ON COLUMN readings.document_hash IS 'All that is told of that article, but how it was found'

COMMENT ON COLUMN readings.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN readings.is_cut IS 'The page ended in the middle of that article'

COMMENT ON COLUMN readings.outcome IS 'stored, missing, not_article, quarantined or failed'

COMMENT ON COLUMN readings.parser_version IS 'Version of the parser that read it'

COMMENT ON COLUMN readings.read_at IS 'When it was read (UTC)'

COMMENT ON COLUMN readings.reason IS 'Why, for every outcome but stored'

COMMENT ON COLUMN readings.run_id IS 'The run that read it'

COMMENT ON COLUMN readings.words IS 'Words of that article''s body; 0 without one'

COMMENT ON COLUMN relations.containment_first IS 'Which share of the one is in the other, 0 to 1'

COMMENT ON COLUMN relations.containment_second IS 'Which share of the other is in the one, 0 to 1'

COMMENT ON COLUMN relations.first_id IS 'One text, the one with the lower number'

COMMENT ON COLUMN relations.grade IS 'same, near or excerpt'

COMMENT ON COLUMN relations.jaccard IS 'What both share of all that is in either, 0 to 1'

COMMENT ON COLUMN relations.second_id IS 'The other'

COMMENT ON COLUMN removal_digests.digest IS 'Digest of it'

COMMENT ON COLUMN removal_digests.kind IS 'body: as unpacked; payload: as received, in the words of WARC; text: normal title and body'

COMMENT ON COLUMN removal_digests.removal_id IS 'The page that was taken down'

COMMENT ON COLUMN removals.copy_of IS 'Key of the page whose text it had; NULL for one that a person named'

COMMENT ON COLUMN removals.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN removals.key IS 'Key of the page: site, section and id, parted by slashes'

COMMENT ON COLUMN removals.reason IS 'Why'

COMMENT ON COLUMN removals.removed_at IS 'When (UTC)'

COMMENT ON COLUMN runs.arguments IS 'The arguments of the run'

COMMENT ON COLUMN runs.breaches IS 'What was seen otherwise than in earlier runs'

COMMENT ON COLUMN runs.counts IS 'Pages by outcome'

COMMENT ON COLUMN runs.exit_code IS 'What the command returned'

COMMENT ON COLUMN runs.finished_at IS 'When it ended (UTC); NULL while it runs, or if it died'

COMMENT ON COLUMN runs.host IS 'Name of the machine'

COMMENT ON COLUMN runs.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN runs.kind IS 'What was run: crawl, backfill, demo, import, wayback, reparse or replay'

COMMENT ON COLUMN runs.outcome IS 'done, budget, failed, blocked, refused, unchecked, interrupted or died; NULL while it runs'

COMMENT ON COLUMN runs.picture IS 'How often each value of each measure was seen on the pages that it read'

COMMENT ON COLUMN runs.requests IS 'Requests sent, robots.txt, redirects and retries included'

COMMENT ON COLUMN runs.sentence IS 'How it ended, in a sentence'

COMMENT ON COLUMN runs.site IS 'Name of the site'

COMMENT ON COLUMN runs.started_at IS 'When the run began (UTC)'

COMMENT ON COLUMN runs.stats IS 'All statistics of the run'

COMMENT ON COLUMN runs.unjudged IS 'Why a run was not judged; NULL for all others'

COMMENT ON COLUMN runs.verdict IS 'passed, not judged, refused, accepted or rejected; NULL where nothing was checked yet'

COMMENT ON COLUMN runs.version IS 'Version of armcrawl'

COMMENT ON COLUMN search_documents.article_id IS 'The article'

COMMENT ON COLUMN search_documents.place IS 'Place among all articles by date: the newest has the highest'

COMMENT ON COLUMN search_documents.sources IS 'Search tokens of the sources, as printed and by all their names'

COMMENT ON COLUMN search_documents.tags IS 'Search tokens of the tags, as printed and by all their names'

COMMENT ON COLUMN search_documents.text IS 'Search tokens of body, captions and author; on PostgreSQL of all the others as well, and hashes of pairs'

COMMENT ON COLUMN search_documents.title IS 'Search tokens of the title, and the names of the site; on PostgreSQL the period as well'

COMMENT ON COLUMN shingle_postings.bucket IS 'The highest 17 bits of the hashes in this row'

COMMENT ON COLUMN shingle_postings.postings IS 'One after another: 15 bits of a hash in 2 bytes, 8 of a text, little-endian'

COMMENT ON COLUMN sightings.address IS 'The page''s address as it was seen there'

COMMENT ON COLUMN sightings.asked_for IS 'The time of change for which the page was asked for again (UTC)'

COMMENT ON COLUMN sightings.changed_at IS 'When it was changed, as the source says (UTC)'

COMMENT ON COLUMN sightings.day IS 'Its day of publication there, as it was first seen, in the site''s zone'

COMMENT ON COLUMN sightings.external_id IS 'The site''s own id of the page'

COMMENT ON COLUMN sightings.first_seen_at IS 'When it was first seen there (UTC)'

COMMENT ON COLUMN sightings.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN sightings.last_seen_at IS 'When it was last seen there (UTC)'

COMMENT ON COLUMN sightings.moved_at IS 'When the source was seen to tell another time of change (UTC)'

COMMENT ON COLUMN sightings.place IS 'Address of the listing''s page, the feed or the sitemap''s file'

COMMENT ON COLUMN sightings.section IS 'Section of the site'

COMMENT ON COLUMN sightings.site IS 'Name of the site'

COMMENT ON COLUMN sightings.source IS 'Where it was seen: listing, feed or sitemap, and its path'

COMMENT ON COLUMN sightings.text IS 'Its full text there, where a feed has it: a line for each block'

COMMENT ON COLUMN sightings.title IS 'Its title there'

COMMENT ON COLUMN source_pages.address IS 'Address of its page or file'

COMMENT ON COLUMN source_pages.digest IS 'blake2b of its last body'

COMMENT ON COLUMN source_pages.etag IS 'ETag of its last answer'

COMMENT ON COLUMN source_pages.fetched_at IS 'When it was last asked for (UTC)'

COMMENT ON COLUMN source_pages.last_modified IS 'Last-Modified of its last answer'

COMMENT ON COLUMN source_pages.links IS 'Addresses of articles on a page that leads to counted ones, a line each'

COMMENT ON COLUMN source_pages.site IS 'Name of the site'

COMMENT ON COLUMN source_pages.source IS 'Listing, feed or sitemap, and its path'

COMMENT ON COLUMN source_pages.told IS 'When it was changed, as the index of sitemaps says'

COMMENT ON COLUMN texts.id IS '64 bits of a hash of title and body'

COMMENT ON COLUMN texts.sketch IS 'The lowest hashes of its shingles and of its facts, 4 bytes each'

COMMENT ON COLUMN unindexed.article_id IS 'The article'

COMMENT ON COLUMN unjoined.article_id IS 'The article'

COMMENT ON COLUMN unwiped.archive_file IS 'WARC file that holds the bytes'

COMMENT ON COLUMN unwiped.archive_offset IS 'Where in that file the record begins, in bytes'

COMMENT ON COLUMN walks."new" IS 'Articles on them that the source had not shown before'

COMMENT ON COLUMN walks.began_at IS 'When it began (UTC)'

COMMENT ON COLUMN walks.ended IS 'Why it ended; NULL while it is to go on'

COMMENT ON COLUMN walks.gap_from IS 'Newest day that was seen before it; with gap_to what may lack between'

COMMENT ON COLUMN walks.gap_to IS 'Oldest day that it has seen'

COMMENT ON COLUMN walks.id IS 'Internal number, differs between databases'

COMMENT ON COLUMN walks.is_whole IS 'It came to the end: all that the source shows was seen'

COMMENT ON COLUMN walks.last_at IS 'When its last page was read (UTC)'

COMMENT ON COLUMN walks.left_at IS 'Address of the page where the next run goes on'

COMMENT ON COLUMN walks.pages IS 'Pages or files that were read'

COMMENT ON COLUMN walks.reached_known IS 'It came to what an earlier walk has seen'

COMMENT ON COLUMN walks.run_id IS 'The run that began it'

COMMENT ON COLUMN walks.seen IS 'Articles on them'

COMMENT ON COLUMN walks.site IS 'Name of the site'

COMMENT ON COLUMN walks.source IS 'What was walked through: listing, feed or sitemap, and its path'

COMMENT ON TABLE abbreviations IS 'Abbreviations that the published version of an article explains: with one meaning they are evidence'

COMMENT ON TABLE article_links IS 'Links inside the body; teasers and tags are not among them'

COMMENT ON TABLE article_sources IS 'Sources of the published version of each article'

COMMENT ON TABLE article_tags IS 'Tags of the published version of each article'

COMMENT ON TABLE article_versions IS 'Every state of an article that we have read, as its history tells them'

COMMENT ON TABLE articles IS 'Articles; their text is in article_versions'

COMMENT ON TABLE backups IS 'Backups that were taken: they keep what is taken down after them'

COMMENT ON TABLE captures IS 'Each answer that tells what became of its page, and what was made of it then'

COMMENT ON TABLE cluster_members IS 'The text of each article that was compared, and the cluster that holds it'

COMMENT ON TABLE clusters IS 'Articles with one text: copies of the earliest of them'

COMMENT ON TABLE entities IS 'Whom and what tags and attribution lines name, each once'

COMMENT ON TABLE entity_addresses IS 'What printed forms link to: forms of one name with one address are one entity'

COMMENT ON TABLE entity_decisions IS 'What people decided of entities: it stands above what the parser says'

COMMENT ON TABLE entity_forms IS 'Printed forms of tags and sources, and what the parser makes of them'

COMMENT ON TABLE exchange_rates IS 'Exchange rates from the pages'' header'

COMMENT ON TABLE images IS 'Pictures of the published version of each article'

COMMENT ON TABLE origins IS 'The servers that this database was filled from'

COMMENT ON TABLE pages IS 'The ledger: every page we know of, and what became of it'

COMMENT ON TABLE quarantine IS 'Pages that could not be understood, with their bytes'

COMMENT ON TABLE readings IS 'What later parsers made of an answer, where that is otherwise than before'

COMMENT ON TABLE relations IS 'Texts that have passages in common'

COMMENT ON TABLE removal_digests IS 'What tells such a page under another id or address of its site; what many pages share is not among it'

COMMENT ON TABLE removals IS 'Pages that were taken down: nothing of them is kept again, whatever brings it'

COMMENT ON TABLE runs IS 'One row for each run'

COMMENT ON TABLE search_documents IS 'Search tokens of each published article'

COMMENT ON TABLE shingle_postings IS 'By the hashes of sketches the texts that have them: what shares some may be a copy'

COMMENT ON TABLE sightings IS 'Articles that listings, feeds and sitemaps show, whether or not they were asked for'

COMMENT ON TABLE source_pages IS 'First pages of listings, feeds and files of sitemaps, so that none is read again while it is the same'

COMMENT ON TABLE texts IS 'Texts of published articles, each once, as they are compared with others'

COMMENT ON TABLE unindexed IS 'Articles whose tags or sources are called otherwise than their search tokens say'

COMMENT ON TABLE unjoined IS 'Articles of which something was published that the clusters do not know yet'

COMMENT ON TABLE unwiped IS 'Archived answers that brought what was taken down once more: the end of the run wipes them'

COMMENT ON TABLE walks IS 'How far listings, feeds and sitemaps were read, and where there is a gap'

CREATE INDEX ix_abbreviations_abbreviation_expansion ON abbreviations (abbreviation, expansion)

CREATE INDEX ix_abbreviations_expansion ON abbreviations (expansion)

CREATE INDEX ix_article_sources_address_form_id ON article_sources (address, form_id)

CREATE INDEX ix_article_sources_entity_id_article_id ON article_sources (entity_id, article_id)

CREATE INDEX ix_article_sources_form_id ON article_sources (form_id)

CREATE INDEX ix_article_tags_address_form_id ON article_tags (address, form_id)

CREATE INDEX ix_article_tags_entity_id_article_id ON article_tags (entity_id, article_id)

CREATE INDEX ix_article_tags_form_id ON article_tags (form_id)

CREATE INDEX ix_article_versions_capture_id ON article_versions (capture_id)

CREATE INDEX ix_article_versions_precision ON article_versions (date_precision, article_id, number, published_on)

CREATE INDEX ix_article_versions_published_on ON article_versions (published_on)

CREATE INDEX ix_article_versions_reading_id ON article_versions (reading_id)

CREATE INDEX ix_article_versions_run_id ON article_versions (run_id)

CREATE INDEX ix_article_versions_text_hash ON article_versions (text_hash)

CREATE INDEX ix_article_versions_withheld ON article_versions (id) WHERE state = 'withheld'

CREATE INDEX ix_cluster_members_cluster_id ON cluster_members (cluster_id)

CREATE INDEX ix_cluster_members_text_id ON cluster_members (text_id)

CREATE INDEX ix_clusters_anchor_id ON clusters (anchor_id)

CREATE INDEX ix_clusters_first_id ON clusters (first_id)

CREATE INDEX ix_entities_name ON entities (name)

CREATE INDEX ix_entity_addresses_form_id ON entity_addresses (form_id)

CREATE INDEX ix_entity_decisions_article ON entity_decisions (article)

CREATE INDEX ix_entity_decisions_form ON entity_decisions (form)

CREATE INDEX ix_entity_decisions_name ON entity_decisions (name)

CREATE INDEX ix_entity_decisions_other ON entity_decisions (other)

CREATE INDEX ix_entity_forms_entity_id ON entity_forms (entity_id)

CREATE INDEX ix_entity_forms_key ON entity_forms (key)

CREATE INDEX ix_entity_forms_quoted_name ON entity_forms (quoted_name)

CREATE INDEX ix_pages_site_next_check_at_fetched_at ON pages (site, next_check_at, fetched_at)

CREATE INDEX ix_pages_site_section_number ON pages (site, section, number)

CREATE INDEX ix_pages_site_section_outcome_number ON pages (site, section, outcome, number)

CREATE INDEX ix_relations_second_id ON relations (second_id)

CREATE INDEX ix_removal_digests_digest ON removal_digests (digest)

CREATE INDEX ix_search_documents_heading ON search_documents USING gin ((title || tags || sources))

CREATE INDEX ix_search_documents_text ON search_documents USING gin (text)

CREATE INDEX ix_search_documents_title ON search_documents USING gin (title)

CREATE INDEX ix_sightings_site_source_place ON sightings (site, source, place)

CREATE INDEX ix_walks_site_source ON walks (site, source)

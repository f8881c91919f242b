CREATE TABLE runs (
	id INTEGER NOT NULL,
	site TEXT NOT NULL,
	kind TEXT NOT NULL CONSTRAINT ck_runs_kind CHECK (kind IN ('crawl', 'backfill', 'demo', 'import', 'wayback', 'reparse', 'replay')),
	arguments JSON NOT NULL,
	version TEXT NOT NULL,
	started_at DATETIME NOT NULL,
	finished_at DATETIME,
	outcome TEXT CONSTRAINT ck_runs_outcome CHECK (outcome IN ('done', 'budget', 'failed', 'blocked', 'refused', 'unchecked', 'interrupted', 'died')),
	requests INTEGER,
	counts JSON,
	host TEXT,
	exit_code INTEGER,
	sentence TEXT,
	verdict TEXT CONSTRAINT ck_runs_verdict CHECK (verdict IN ('passed', 'not judged', 'refused', 'accepted', 'rejected')),
	unjudged TEXT,
	picture JSON,
	breaches JSON,
	stats JSON,
	CONSTRAINT pk_runs PRIMARY KEY (id)
)

CREATE TABLE origins (
	site TEXT NOT NULL,
	origin TEXT NOT NULL,
	first_seen_at DATETIME NOT NULL,
	CONSTRAINT pk_origins PRIMARY KEY (site, origin)
)

CREATE TABLE pages (
	id INTEGER NOT NULL,
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
	first_seen_at DATETIME NOT NULL,
	fetched_at DATETIME NOT NULL,
	next_check_at DATETIME,
	attempts INTEGER NOT NULL,
	checks INTEGER DEFAULT '0' NOT NULL,
	last_error TEXT,
	CONSTRAINT pk_pages PRIMARY KEY (id),
	CONSTRAINT uq_pages_site_section_external_id UNIQUE (site, section, external_id)
)

CREATE TABLE sightings (
	id INTEGER NOT NULL,
	site TEXT NOT NULL,
	section TEXT NOT NULL,
	external_id TEXT NOT NULL,
	source TEXT NOT NULL,
	place TEXT NOT NULL,
	address TEXT NOT NULL,
	title TEXT,
	text TEXT,
	day DATE,
	changed_at DATETIME,
	moved_at DATETIME,
	asked_for DATETIME,
	first_seen_at DATETIME NOT NULL,
	last_seen_at DATETIME NOT NULL,
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
	fetched_at DATETIME NOT NULL,
	CONSTRAINT pk_source_pages PRIMARY KEY (site, source, address)
)

CREATE TABLE entities (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	name TEXT NOT NULL,
	slug TEXT NOT NULL,
	kind TEXT CONSTRAINT ck_entities_kind CHECK (kind IN ('person', 'organisation', 'place', 'product', 'event', 'topic')),
	CONSTRAINT pk_entities PRIMARY KEY (id),
	CONSTRAINT uq_entities_key UNIQUE ("key")
)

CREATE TABLE entity_decisions (
	id INTEGER NOT NULL,
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
	decided_at DATETIME NOT NULL,
	CONSTRAINT pk_entity_decisions PRIMARY KEY (id)
)

CREATE TABLE texts (
	id INTEGER NOT NULL,
	sketch BLOB NOT NULL,
	CONSTRAINT pk_texts PRIMARY KEY (id)
)

CREATE TABLE shingle_postings (
	bucket INTEGER NOT NULL,
	postings BLOB NOT NULL,
	CONSTRAINT pk_shingle_postings PRIMARY KEY (bucket)
)

CREATE TABLE backups (
	folder TEXT NOT NULL,
	taken_at DATETIME NOT NULL,
	CONSTRAINT pk_backups PRIMARY KEY (folder)
)

CREATE TABLE removals (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	reason TEXT NOT NULL,
	removed_at DATETIME NOT NULL,
	copy_of TEXT,
	CONSTRAINT pk_removals PRIMARY KEY (id),
	CONSTRAINT uq_removals_key UNIQUE ("key")
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
	id INTEGER NOT NULL,
	site TEXT NOT NULL,
	source TEXT NOT NULL,
	run_id INTEGER,
	began_at DATETIME NOT NULL,
	last_at DATETIME NOT NULL,
	pages INTEGER NOT NULL,
	seen INTEGER NOT NULL,
	new INTEGER NOT NULL,
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
	id INTEGER NOT NULL,
	page_id INTEGER NOT NULL,
	fetched_at DATETIME NOT NULL,
	last_seen_at DATETIME NOT NULL,
	run_id INTEGER,
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
	id INTEGER NOT NULL,
	page_id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	current_version INTEGER NOT NULL,
	published_version INTEGER,
	CONSTRAINT pk_articles PRIMARY KEY (id),
	CONSTRAINT uq_articles_page_id UNIQUE (page_id),
	CONSTRAINT fk_articles_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE,
	CONSTRAINT uq_articles_key UNIQUE ("key")
)

CREATE TABLE entity_forms (
	id INTEGER NOT NULL,
	entity_id INTEGER NOT NULL,
	used_as TEXT NOT NULL CONSTRAINT ck_entity_forms_used_as CHECK (used_as IN ('tag', 'source', 'name')),
	form TEXT NOT NULL,
	name TEXT NOT NULL,
	"key" TEXT NOT NULL,
	kind TEXT CONSTRAINT ck_entity_forms_kind CHECK (kind IN ('person', 'organisation', 'place', 'product', 'event', 'topic')),
	confidence FLOAT,
	quoted_name TEXT,
	CONSTRAINT pk_entity_forms PRIMARY KEY (id),
	CONSTRAINT uq_entity_forms_form_used_as_name UNIQUE (form, used_as, name),
	CONSTRAINT fk_entity_forms_entity_id_entities FOREIGN KEY(entity_id) REFERENCES entities (id) ON DELETE CASCADE
)

CREATE TABLE relations (
	first_id INTEGER NOT NULL,
	second_id INTEGER NOT NULL,
	grade TEXT NOT NULL CONSTRAINT ck_relations_grade CHECK (grade IN ('same', 'near', 'excerpt')),
	containment_first FLOAT NOT NULL,
	containment_second FLOAT NOT NULL,
	jaccard FLOAT NOT NULL,
	CONSTRAINT pk_relations PRIMARY KEY (first_id, second_id),
	CONSTRAINT fk_relations_first_id_texts FOREIGN KEY(first_id) REFERENCES texts (id) ON DELETE CASCADE,
	CONSTRAINT fk_relations_second_id_texts FOREIGN KEY(second_id) REFERENCES texts (id) ON DELETE CASCADE
)

CREATE TABLE removal_digests (
	removal_id INTEGER NOT NULL,
	kind TEXT NOT NULL CONSTRAINT ck_removal_digests_kind CHECK (kind IN ('body', 'payload', 'text')),
	digest TEXT NOT NULL,
	CONSTRAINT pk_removal_digests PRIMARY KEY (removal_id, kind, digest),
	CONSTRAINT fk_removal_digests_removal_id_removals FOREIGN KEY(removal_id) REFERENCES removals (id) ON DELETE CASCADE
)

CREATE TABLE readings (
	id INTEGER NOT NULL,
	capture_id INTEGER NOT NULL,
	run_id INTEGER,
	read_at DATETIME NOT NULL,
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
	form_id INTEGER NOT NULL,
	is_evidence BOOLEAN NOT NULL,
	CONSTRAINT pk_entity_addresses PRIMARY KEY (address, form_id),
	CONSTRAINT fk_entity_addresses_form_id_entity_forms FOREIGN KEY(form_id) REFERENCES entity_forms (id) ON DELETE CASCADE
)

CREATE TABLE abbreviations (
	article_id INTEGER NOT NULL,
	abbreviation TEXT NOT NULL,
	expansion TEXT NOT NULL,
	CONSTRAINT pk_abbreviations PRIMARY KEY (article_id, abbreviation, expansion),
	CONSTRAINT fk_abbreviations_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE article_tags (
	article_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	entity_id INTEGER NOT NULL,
	form_id INTEGER NOT NULL,
	address TEXT,
	CONSTRAINT pk_article_tags PRIMARY KEY (article_id, position),
	CONSTRAINT fk_article_tags_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_tags_entity_id_entities FOREIGN KEY(entity_id) REFERENCES entities (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_tags_form_id_entity_forms FOREIGN KEY(form_id) REFERENCES entity_forms (id) ON DELETE CASCADE
)

CREATE TABLE article_sources (
	article_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	entity_id INTEGER NOT NULL,
	form_id INTEGER NOT NULL,
	kind TEXT CONSTRAINT ck_article_sources_kind CHECK (kind IN ('own desk', 'press service', 'agency', 'journal', 'web site', 'ministry')),
	address TEXT,
	CONSTRAINT pk_article_sources PRIMARY KEY (article_id, position),
	CONSTRAINT fk_article_sources_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_sources_entity_id_entities FOREIGN KEY(entity_id) REFERENCES entities (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_sources_form_id_entity_forms FOREIGN KEY(form_id) REFERENCES entity_forms (id) ON DELETE CASCADE
)

CREATE TABLE images (
	article_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	address TEXT NOT NULL,
	caption TEXT,
	CONSTRAINT pk_images PRIMARY KEY (article_id, position),
	CONSTRAINT fk_images_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE article_links (
	article_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	address TEXT NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_article_links PRIMARY KEY (article_id, position),
	CONSTRAINT fk_article_links_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE clusters (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	anchor_id INTEGER NOT NULL,
	first_id INTEGER,
	reason TEXT NOT NULL CONSTRAINT ck_clusters_reason CHECK (reason IN ('link', 'attribution', 'time', 'day', 'length', 'tie', 'size')),
	confidence FLOAT NOT NULL,
	CONSTRAINT pk_clusters PRIMARY KEY (id),
	CONSTRAINT uq_clusters_key UNIQUE ("key"),
	CONSTRAINT fk_clusters_anchor_id_texts FOREIGN KEY(anchor_id) REFERENCES texts (id) ON DELETE CASCADE,
	CONSTRAINT fk_clusters_first_id_articles FOREIGN KEY(first_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE unjoined (
	article_id INTEGER NOT NULL,
	CONSTRAINT pk_unjoined PRIMARY KEY (article_id),
	CONSTRAINT fk_unjoined_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE quarantine (
	id INTEGER NOT NULL,
	page_id INTEGER NOT NULL,
	stage TEXT NOT NULL,
	reason TEXT NOT NULL,
	capture_id INTEGER,
	body BLOB,
	content_type TEXT,
	content_encoding TEXT,
	created_at DATETIME NOT NULL,
	resolved_at DATETIME,
	CONSTRAINT pk_quarantine PRIMARY KEY (id),
	CONSTRAINT uq_quarantine_page_id_stage UNIQUE (page_id, stage),
	CONSTRAINT fk_quarantine_page_id_pages FOREIGN KEY(page_id) REFERENCES pages (id) ON DELETE CASCADE,
	CONSTRAINT fk_quarantine_capture_id_captures FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE
)

CREATE TABLE search_documents (
	place INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	tags TEXT NOT NULL,
	sources TEXT NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_search_documents PRIMARY KEY (place),
	CONSTRAINT uq_search_documents_article_id UNIQUE (article_id),
	CONSTRAINT fk_search_documents_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE unindexed (
	article_id INTEGER NOT NULL,
	CONSTRAINT pk_unindexed PRIMARY KEY (article_id),
	CONSTRAINT fk_unindexed_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
)

CREATE TABLE article_versions (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	number INTEGER,
	run_id INTEGER,
	cause TEXT NOT NULL CONSTRAINT ck_article_versions_cause CHECK (cause IN ('fetch', 'import', 're-extraction')),
	state TEXT NOT NULL CONSTRAINT ck_article_versions_state CHECK (state IN ('shown', 'withheld')),
	capture_id INTEGER,
	reading_id INTEGER,
	parser_version INTEGER NOT NULL,
	created_at DATETIME NOT NULL,
	title TEXT NOT NULL,
	lead TEXT,
	body TEXT NOT NULL,
	published_on DATE,
	date_precision TEXT CONSTRAINT ck_article_versions_date_precision CHECK (date_precision IN ('day', 'month', 'year')),
	published_at DATETIME,
	date_text TEXT,
	attribution TEXT,
	author TEXT,
	word_count INTEGER NOT NULL,
	content_hash TEXT NOT NULL,
	document_hash TEXT NOT NULL,
	text_hash TEXT NOT NULL,
	document JSON NOT NULL,
	CONSTRAINT pk_article_versions PRIMARY KEY (id),
	CONSTRAINT uq_article_versions_article_id_number UNIQUE (article_id, number),
	CONSTRAINT fk_article_versions_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_versions_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_versions_capture_id_captures FOREIGN KEY(capture_id) REFERENCES captures (id) ON DELETE CASCADE,
	CONSTRAINT fk_article_versions_reading_id_readings FOREIGN KEY(reading_id) REFERENCES readings (id) ON DELETE CASCADE
)

CREATE TABLE cluster_members (
	article_id INTEGER NOT NULL,
	text_id INTEGER NOT NULL,
	cluster_id INTEGER,
	CONSTRAINT pk_cluster_members PRIMARY KEY (article_id),
	CONSTRAINT fk_cluster_members_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE,
	CONSTRAINT fk_cluster_members_text_id_texts FOREIGN KEY(text_id) REFERENCES texts (id) ON DELETE CASCADE,
	CONSTRAINT fk_cluster_members_cluster_id_clusters FOREIGN KEY(cluster_id) REFERENCES clusters (id) ON DELETE SET NULL
)

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

CREATE INDEX ix_entity_forms_key ON entity_forms ("key")

CREATE INDEX ix_entity_forms_quoted_name ON entity_forms (quoted_name)

CREATE INDEX ix_pages_site_next_check_at_fetched_at ON pages (site, next_check_at, fetched_at)

CREATE INDEX ix_pages_site_section_number ON pages (site, section, number)

CREATE INDEX ix_pages_site_section_outcome_number ON pages (site, section, outcome, number)

CREATE INDEX ix_relations_second_id ON relations (second_id)

CREATE INDEX ix_removal_digests_digest ON removal_digests (digest)

CREATE INDEX ix_sightings_site_source_place ON sightings (site, source, place)

CREATE INDEX ix_walks_site_source ON walks (site, source)

CREATE VIRTUAL TABLE search_index USING fts5(title, tags, sources, text,
  content='search_documents', content_rowid='place', tokenize="ascii tokenchars '_+#@.-'")

CREATE TRIGGER search_documents_inserted AFTER INSERT ON search_documents BEGIN
  INSERT INTO search_index (rowid, title, tags, sources, text)
    VALUES (new.place, new.title, new.tags, new.sources, new.text);
END

CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
  INSERT INTO search_index (search_index, rowid, title, tags, sources, text)
    VALUES ('delete', old.place, old.title, old.tags, old.sources, old.text);
END

CREATE TRIGGER search_documents_updated AFTER UPDATE ON search_documents BEGIN
  INSERT INTO search_index (search_index, rowid, title, tags, sources, text)
    VALUES ('delete', old.place, old.title, old.tags, old.sources, old.text);
  INSERT INTO search_index (rowid, title, tags, sources, text)
    VALUES (new.place, new.title, new.tags, new.sources, new.text);
END

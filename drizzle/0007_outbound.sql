CREATE TABLE "specials" (
	"id" serial PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"yearly" boolean DEFAULT false NOT NULL,
	"status" text collate "C" DEFAULT 'confirmed' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"by" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" serial PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"network" text collate "C",
	"type" text collate "C",
	"party" text NOT NULL,
	"reference" text NOT NULL,
	"note" text NOT NULL,
	"tlp" smallint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"triaged_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"rejected_at" timestamp with time zone,
	"by" text NOT NULL,
	"changed_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbound_days" (
	"day" date NOT NULL,
	"network" text collate "C" NOT NULL,
	"facet_id" integer NOT NULL,
	"source_id" integer NOT NULL,
	"n" bigint NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "outbound_days_day_network_facet_id_source_id_pk" PRIMARY KEY("day","network","facet_id","source_id")
);
--> statement-breakpoint
CREATE TABLE "outbound_stale" (
	"day" date PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbound_watch" (
	"source_id" integer NOT NULL,
	"day" date NOT NULL,
	CONSTRAINT "outbound_watch_source_id_day_pk" PRIMARY KEY("source_id","day")
);
--> statement-breakpoint
CREATE INDEX "notices_by_network" ON "notices" USING btree ("network");--> statement-breakpoint
CREATE INDEX "notices_by_kind" ON "notices" USING btree ("kind","at");--> statement-breakpoint
CREATE INDEX "outbound_days_by_network" ON "outbound_days" USING btree ("network","day");--> statement-breakpoint
-- Days that are the same every year. Movable feasts are the operator's to enter when they are announced.
INSERT INTO "specials" ("kind", "name", "from_day", "to_day", "yearly", "status", "note", "by") VALUES
	('holiday', 'Kashmir Day', '2026-02-05', '2026-02-05', true, 'proposed', '', 'first content'),
	('holiday', 'Pakistan Day', '2026-03-23', '2026-03-23', true, 'proposed', '', 'first content'),
	('risk', 'Pakistan Day', '2026-03-23', '2026-03-23', true, 'proposed', 'Known for defacements and floods by hacktivists.', 'first content'),
	('holiday', 'Labour Day', '2026-05-01', '2026-05-01', true, 'proposed', '', 'first content'),
	('holiday', 'Independence Day', '2026-08-14', '2026-08-14', true, 'proposed', '', 'first content'),
	('risk', 'Independence Day', '2026-08-14', '2026-08-14', true, 'proposed', 'Known for defacements and floods by hacktivists.', 'first content'),
	('holiday', 'Iqbal Day', '2026-11-09', '2026-11-09', true, 'proposed', '', 'first content'),
	('holiday', 'Quaid-e-Azam Day', '2026-12-25', '2026-12-25', true, 'proposed', '', 'first content');

CREATE TABLE "claims" (
	"indicator_id" uuid NOT NULL,
	"source_id" integer NOT NULL,
	"key" text collate "C" NOT NULL,
	"object_id" uuid NOT NULL,
	"tlp" smallint NOT NULL,
	"actionable" boolean NOT NULL,
	"partial" boolean NOT NULL,
	"revoked" boolean NOT NULL,
	"confidence" smallint,
	"valid_from" timestamp with time zone,
	"valid_until" timestamp with time zone,
	CONSTRAINT "claims_indicator_id_source_id_key_pk" PRIMARY KEY("indicator_id","source_id","key")
);
--> statement-breakpoint
CREATE TABLE "heads" (
	"source_id" integer NOT NULL,
	"key" text collate "C" NOT NULL,
	"object_id" uuid NOT NULL,
	"kind" text collate "C" NOT NULL,
	"modified_at" timestamp with time zone,
	CONSTRAINT "heads_source_id_key_pk" PRIMARY KEY("source_id","key")
);
--> statement-breakpoint
CREATE TABLE "objects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"source_id" integer NOT NULL,
	"batch_id" bigint NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"group_key" text collate "C",
	"modified_at" timestamp with time zone,
	"name" text,
	"tlp" smallint NOT NULL,
	"revoked" boolean NOT NULL,
	"sectors" text[],
	"facts" jsonb,
	"raw" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "statements" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source_id" integer NOT NULL,
	"key" text collate "C" NOT NULL,
	"object_id" uuid NOT NULL,
	"of_key" text collate "C",
	"indicator_id" uuid,
	"verdict" text collate "C" NOT NULL,
	"count" bigint NOT NULL,
	"first_at" timestamp with time zone,
	"last_at" timestamp with time zone,
	"tlp" smallint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "warninglists" (
	"name" text PRIMARY KEY NOT NULL,
	"type" text collate "C" NOT NULL,
	"version" text,
	"entries" text[] NOT NULL,
	"loaded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
-- No format had filled these two: they are made anew.
DROP TABLE "sightings";--> statement-breakpoint
DROP TABLE "indicators";--> statement-breakpoint
CREATE TABLE "indicators" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"value" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"xid" xid8 DEFAULT pg_current_xact_id() NOT NULL,
	"looked_at" timestamp with time zone,
	"warnings" text[]
);
--> statement-breakpoint
CREATE TABLE "sightings" (
	"indicator_id" uuid NOT NULL,
	"observed_at" timestamp with time zone NOT NULL,
	"observation_id" uuid NOT NULL,
	"facet_id" integer NOT NULL,
	"source_id" integer NOT NULL,
	"constituent_id" integer,
	CONSTRAINT "sightings_indicator_id_observed_at_observation_id_pk" PRIMARY KEY("indicator_id","observed_at","observation_id")
);
--> statement-breakpoint
ALTER TABLE "observations" ADD COLUMN "carried" text[];--> statement-breakpoint
CREATE INDEX "claims_by_key" ON "claims" USING btree ("source_id","key");--> statement-breakpoint
CREATE INDEX "heads_by_kind" ON "heads" USING btree ("kind","modified_at");--> statement-breakpoint
CREATE INDEX "objects_by_key" ON "objects" USING btree ("key");--> statement-breakpoint
CREATE INDEX "objects_by_group" ON "objects" USING btree ("group_key");--> statement-breakpoint
CREATE INDEX "statements_by_key" ON "statements" USING btree ("source_id","key");--> statement-breakpoint
CREATE INDEX "statements_of_key" ON "statements" USING btree ("of_key");--> statement-breakpoint
CREATE INDEX "statements_of_indicator" ON "statements" USING btree ("indicator_id");--> statement-breakpoint
CREATE INDEX "indicators_by_xid" ON "indicators" USING btree ("xid");--> statement-breakpoint
CREATE INDEX "indicators_unlooked" ON "indicators" USING btree ("created_at") WHERE looked_at is null;--> statement-breakpoint
CREATE INDEX "indicators_by_value" ON "indicators" USING btree (left(value, 200) collate "C","id");--> statement-breakpoint
CREATE INDEX "sightings_by_observation" ON "sightings" USING btree ("observed_at","observation_id");--> statement-breakpoint
CREATE INDEX "sightings_by_facet" ON "sightings" USING btree ("indicator_id","facet_id");
--> statement-breakpoint
-- By hand from here on. Wakes whoever holds the indicators in memory.
CREATE FUNCTION notify_indicators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('watchfloor_indicators', '');
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "indicators_added" AFTER INSERT ON "indicators" FOR EACH STATEMENT EXECUTE FUNCTION notify_indicators();
--> statement-breakpoint
CREATE TRIGGER "warninglists_changed" AFTER INSERT OR UPDATE OR DELETE ON "warninglists" FOR EACH STATEMENT EXECUTE FUNCTION notify_indicators();
--> statement-breakpoint
-- A text is found inside a value by its trigrams, where the database has them: without, the search reads all values.
DO $$
BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm;
	CREATE INDEX "indicators_by_part" ON "indicators" USING gin (left(value, 200) gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
	RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END $$;

CREATE TABLE "assets" (
	"id" serial PRIMARY KEY NOT NULL,
	"constituent_id" integer NOT NULL,
	"kind" text collate "C" NOT NULL,
	"value" text collate "C" NOT NULL,
	CONSTRAINT "assets_once" UNIQUE("constituent_id","kind","value")
);
--> statement-breakpoint
CREATE TABLE "constituents" (
	"id" serial PRIMARY KEY NOT NULL,
	"organisation" text NOT NULL,
	"sector" text collate "C",
	"province" text collate "C",
	"team" text collate "C",
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "constituents_organisation_unique" UNIQUE("organisation")
);
--> statement-breakpoint
ALTER TABLE "observations" ADD COLUMN "constituent_id" integer;--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_constituent_id_constituents_id_fk" FOREIGN KEY ("constituent_id") REFERENCES "public"."constituents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assets_by_value" ON "assets" USING btree ("kind","value");
--> statement-breakpoint
-- By hand from here on. Each change counts up `constituents` in the same transaction and wakes whoever holds the assets
-- in memory: they compare the number, so a lost notification is noticed at the next look. Writers take an advisory lock
-- first (store/constituent), which keeps this one row from deadlocking them.
INSERT INTO "meta" ("key", "value") VALUES ('constituents', '0');
--> statement-breakpoint
CREATE FUNCTION notify_constituents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE meta SET value = (value::bigint + 1)::text WHERE key = 'constituents';
	PERFORM pg_notify('watchfloor_constituents', '');
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "constituents_changed" AFTER INSERT OR UPDATE OR DELETE ON "constituents" FOR EACH STATEMENT EXECUTE FUNCTION notify_constituents();
--> statement-breakpoint
CREATE TRIGGER "constituents_changed" AFTER INSERT OR UPDATE OR DELETE ON "assets" FOR EACH STATEMENT EXECUTE FUNCTION notify_constituents();

CREATE TABLE "fetched" (
	"source_id" integer NOT NULL,
	"item" text collate "C" NOT NULL,
	"stamp" text collate "C" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "fetched_source_id_item_pk" PRIMARY KEY("source_id","item")
);
--> statement-breakpoint
CREATE TABLE "fetches" (
	"source_id" integer PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed" "bytea",
	"cursor" jsonb,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_started" timestamp with time zone,
	"last_success" timestamp with time zone,
	"lease" uuid,
	"leased_until" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "fetched" ADD CONSTRAINT "fetched_source_id_fetches_source_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."fetches"("source_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fetches" ADD CONSTRAINT "fetches_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fetches_by_next" ON "fetches" USING btree ("next_at");
CREATE TABLE "campaign_apart" (
	"a" integer NOT NULL,
	"b" integer NOT NULL,
	CONSTRAINT "campaign_apart_a_b_pk" PRIMARY KEY("a","b")
);
--> statement-breakpoint
CREATE TABLE "campaign_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"campaign_id" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text,
	"tlp" smallint NOT NULL,
	"action" text collate "C" NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_members" (
	"campaign_id" integer NOT NULL,
	"clue_id" uuid NOT NULL,
	"why" text collate "C" NOT NULL,
	"added_by" text,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	"removed_by" text,
	"removed_at" timestamp with time zone,
	CONSTRAINT "campaign_members_campaign_id_clue_id_pk" PRIMARY KEY("campaign_id","clue_id")
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text,
	"named_by" text,
	"named_tlp" smallint,
	"state" text collate "C" DEFAULT 'open' NOT NULL,
	"merged_into" integer,
	"touched" boolean DEFAULT false NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clues" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"value" text NOT NULL,
	"dirty_at" timestamp with time zone,
	"rest_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "traces" (
	"at" timestamp with time zone NOT NULL,
	"facet_id" integer NOT NULL,
	"set" uuid NOT NULL,
	"constituent_id" integer NOT NULL,
	"clues" uuid[] NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "traces_at_facet_id_set_pk" PRIMARY KEY("at","facet_id","set")
);
--> statement-breakpoint
CREATE INDEX "campaign_apart_by_b" ON "campaign_apart" USING btree ("b");--> statement-breakpoint
CREATE INDEX "campaign_events_by_campaign" ON "campaign_events" USING btree ("campaign_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_members_once" ON "campaign_members" USING btree ("clue_id") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "campaigns_by_last" ON "campaigns" USING btree ("last_at","id");--> statement-breakpoint
CREATE INDEX "clues_dirty" ON "clues" USING btree ("dirty_at","id") WHERE dirty_at is not null;--> statement-breakpoint
CREATE INDEX "traces_by_clue" ON "traces" USING gin ("clues");
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "campaign_events" FOR EACH ROW EXECUTE FUNCTION refuse_change();

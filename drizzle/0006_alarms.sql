CREATE TABLE "alarm_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"alarm_id" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text,
	"what" text collate "C" NOT NULL,
	"tlp" smallint NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alarms" (
	"id" serial PRIMARY KEY NOT NULL,
	"rule" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"priority" text collate "C" NOT NULL,
	"standing" text collate "C" NOT NULL,
	"response" text NOT NULL,
	"sector" text collate "C",
	"province" text collate "C",
	"source" text collate "C",
	"tlp" smallint NOT NULL,
	"said" jsonb NOT NULL,
	"href" text NOT NULL,
	"parts" text[] NOT NULL,
	"constituents" integer[] NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"absent_at" timestamp with time zone,
	"returned_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"shelved_until" timestamp with time zone,
	"shelved_by" text,
	"shelved_reason" text,
	"cleared_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"slug" text collate "C" PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"priority" text collate "C" NOT NULL,
	"params" jsonb NOT NULL,
	"response" text NOT NULL,
	"enabled" boolean NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text
);
--> statement-breakpoint
CREATE INDEX "alarm_events_of" ON "alarm_events" USING btree ("alarm_id");--> statement-breakpoint
CREATE INDEX "alarm_events_by_time" ON "alarm_events" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "alarms_once" ON "alarms" USING btree ("rule","key") WHERE standing <> 'cleared' or returned_at is null;--> statement-breakpoint
CREATE INDEX "alarms_by_time" ON "alarms" USING btree ("raised_at");--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "alarm_events" FOR EACH ROW EXECUTE FUNCTION refuse_change();

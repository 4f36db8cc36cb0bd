-- Made from the observations, and made again.
DELETE FROM "outbound_days";--> statement-breakpoint
DELETE FROM "marks" WHERE "name" = 'outbound';--> statement-breakpoint
CREATE TABLE "outbound_pairs" (
	"network" text collate "C" NOT NULL,
	"facet_id" integer NOT NULL,
	"n" bigint NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "outbound_pairs_network_facet_id_pk" PRIMARY KEY("network","facet_id")
);
--> statement-breakpoint
CREATE TABLE "outbound_seen" (
	"network" text collate "C" NOT NULL,
	"facet_id" integer NOT NULL,
	"source_id" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "outbound_seen_network_facet_id_source_id_pk" PRIMARY KEY("network","facet_id","source_id")
);
--> statement-breakpoint
ALTER TABLE "outbound_days" DROP CONSTRAINT "outbound_days_day_network_facet_id_source_id_pk";--> statement-breakpoint
ALTER TABLE "outbound_days" ADD CONSTRAINT "outbound_days_day_network_facet_id_pk" PRIMARY KEY("day","network","facet_id");--> statement-breakpoint
ALTER TABLE "outbound_days" DROP COLUMN "source_id";
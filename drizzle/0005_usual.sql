CREATE TABLE "judgements" (
	"clearance" smallint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"seq" bigint NOT NULL,
	"rows" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "marks" (
	"name" text collate "C" PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"state" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usual_cells" (
	"at" timestamp with time zone NOT NULL,
	"source_id" integer NOT NULL,
	"facet_id" integer NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "usual_cells_at_source_id_facet_id_pk" PRIMARY KEY("at","source_id","facet_id")
);

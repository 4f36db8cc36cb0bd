CREATE TABLE "views" (
	"id" serial PRIMARY KEY NOT NULL,
	"owner" text collate "C" NOT NULL,
	"by" text NOT NULL,
	"name" text NOT NULL,
	"path" text collate "C" NOT NULL,
	"params" text NOT NULL,
	"shared" boolean NOT NULL,
	"tlp" smallint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "views_once" UNIQUE("owner","name")
);
--> statement-breakpoint
CREATE INDEX "views_by_path" ON "views" USING btree ("path");
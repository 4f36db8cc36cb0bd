CREATE TABLE "postures" (
	"at" timestamp with time zone NOT NULL,
	"clearance" smallint NOT NULL,
	"posture" jsonb NOT NULL,
	"state" jsonb NOT NULL,
	CONSTRAINT "postures_clearance_at_pk" PRIMARY KEY("clearance","at")
);
--> statement-breakpoint
ALTER TABLE "levels" ADD COLUMN "withdrawn_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "levels" ADD COLUMN "withdrawn_by" text;--> statement-breakpoint
ALTER TABLE "levels" ADD COLUMN "withdrawn_reason" text;
-- Made from the observations, and made again.
DELETE FROM "outbound_days";--> statement-breakpoint
DELETE FROM "outbound_pairs";--> statement-breakpoint
DELETE FROM "marks" WHERE "name" = 'outbound';--> statement-breakpoint
ALTER TABLE "outbound_pairs" ADD COLUMN "days" datemultirange DEFAULT '{}' NOT NULL;
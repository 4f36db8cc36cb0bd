ALTER TABLE "clues" ADD COLUMN "last_at" timestamp with time zone NOT NULL;--> statement-breakpoint
CREATE INDEX "clues_by_last" ON "clues" USING btree ("last_at");
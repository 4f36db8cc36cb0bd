DROP INDEX "outbound_days_by_network";--> statement-breakpoint
CREATE INDEX "outbound_days_by_pair" ON "outbound_days" USING btree ("network","facet_id","day");
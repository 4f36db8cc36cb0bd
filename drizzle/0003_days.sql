CREATE TABLE "cells_day" (
	"at" timestamp with time zone NOT NULL,
	"facet_id" integer NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "cells_day_at_facet_id_pk" PRIMARY KEY("at","facet_id")
);
--> statement-breakpoint
CREATE INDEX "observations_by_facet" ON "observations" USING btree ("facet_id","observed_at","id");--> statement-breakpoint
ALTER TABLE "cells_day" SET (fillfactor = 70);
--> statement-breakpoint
INSERT INTO "cells_day" ("at", "facet_id", "n") SELECT date_trunc('day', "at" at time zone 'UTC') at time zone 'UTC', "facet_id", sum("n") FROM "cells_hour" GROUP BY 1, 2;

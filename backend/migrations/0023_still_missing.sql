-- A loss of what orders were promised is outlived by what comes in: how much of it is missing still.

-- Units beyond what lies there that a level may promise because of losses. At any moment of its history it lacked a
-- number of units; since then only losses can have added to that, each by what it says is missing.
CREATE FUNCTION stock_still_missing(of_variant uuid, at_location uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(least(max(ever), min(greatest(lacking, 0) + later)), 0)
    FROM (
        SELECT sum(delta_reserved - delta_on_hand) OVER so_far AS lacking,
            sum(missing) OVER () AS ever,
            sum(missing) OVER () - sum(missing) OVER so_far AS later
        FROM stock_movement
        WHERE variant_id = of_variant AND location_id = at_location
        WINDOW so_far AS (ORDER BY movement_id)
    ) AS history
$$;

SELECT count(*) FROM orders WHERE fulfilment_status IN ('partial', 'fulfilled', 'delivered') AND paid_minor < total_minor

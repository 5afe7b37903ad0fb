-- Cases may name an order by another number than its id.
CREATE INDEX orders_customer_order_id ON orders (customer_order_id)
  WHERE customer_order_id IS NOT NULL;

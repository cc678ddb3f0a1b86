"""Room 6: findings and problems into words, pages and logs. The only room that writes English about a request."""

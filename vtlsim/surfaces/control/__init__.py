"""API Gateway's own API: what the AWS CLI and boto3 talk to.

What may live here: the service model's routes, the wire, the operations, and the store that they work on. What a
mapping means is config's business, what becomes of a request the gateway's.
"""

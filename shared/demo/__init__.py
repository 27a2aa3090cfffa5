"""The stories, played from outside over HTTP as staff, residents and organisations would: `jiushu demo`.

They know the services' doors only, so the same stories are the end-to-end tests and the smoke test of a deployment.
"""

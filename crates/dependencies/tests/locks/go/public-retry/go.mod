module example.com/retry

require (
	github.com/hashicorp/go-cleanhttp v0.5.0
	github.com/lalamove/nui v0.1.0
	github.com/opentracing/opentracing-go v1.0.2 // indirect
	github.com/prometheus/client_golang v0.9.2
)

module example.com/web

go 1.20

require (
	github.com/bytedance/sonic v1.11.6
	github.com/gin-contrib/sse v0.1.0
	github.com/go-playground/validator/v10 v10.19.0
	github.com/goccy/go-json v0.10.2
	github.com/json-iterator/go v1.1.12
	github.com/mattn/go-isatty v0.0.20
	github.com/pelletier/go-toml/v2 v2.2.0
	github.com/stretchr/testify v1.9.0
	github.com/ugorji/go/codec v1.2.12
	golang.org/x/net v0.25.0
	google.golang.org/protobuf v1.33.0
	gopkg.in/yaml.v3 v3.0.1
)

require (
	github.com/bytedance/sonic/loader v0.1.1 // indirect
	github.com/cloudwego/base64x v0.1.4 // indirect
	github.com/klauspost/cpuid/v2 v2.2.7 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	golang.org/x/arch v0.7.0 // indirect
	golang.org/x/crypto v0.23.0 // indirect
)

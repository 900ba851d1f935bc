module "example.com/quoted"

go 1.17

require (
	"github.com/quoted/mod" v1.0.0
	github.com/Upper/Case v0.9.0-rc.1

	// a comment
	github.com/long/path/v5 v5.9.0 // indirect
)

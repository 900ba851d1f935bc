module example.com/replaced

go 1.18

require (
	github.com/a/one v1.2.3
	github.com/b/two v1.0.0
	github.com/c/three v0.0.0-20200804184101-5ec99f83aff1
)

replace github.com/a/one => github.com/fork/one v1.2.4

replace (
	github.com/b/two v1.0.0 => github.com/fork/two v1.0.1
	github.com/b/two v1.1.0 => github.com/fork/two v1.1.1
	github.com/c/three => ../three
)

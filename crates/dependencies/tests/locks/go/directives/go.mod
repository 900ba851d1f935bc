module example.com/directives

go 1.22

toolchain go1.22.4

require github.com/docker/docker v24.0.7+incompatible

exclude github.com/docker/docker v24.0.6+incompatible

retract (
	v1.0.0 // broken
	[v1.1.0, v1.2.0]
)

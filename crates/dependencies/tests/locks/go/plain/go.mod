module example.com/plain

go 1.15

require github.com/pkg/errors v0.9.1
require golang.org/x/text v0.3.7 // indirect

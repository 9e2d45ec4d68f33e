@echo off
rem Idiolect from a checkout: sets up what is missing, then runs. Without arguments: the app.
setlocal
set "ROOT=%~dp0"
set "EXTRAS=app"
for %%C in (train evaluate learn) do if /i "%~1"=="%%C" set "EXTRAS=app,training"
call "%ROOT%packaging\environment.cmd" "%EXTRAS%" || exit /b 1
for %%C in (-h --help --version doctor models toggle start stop undo cancel raise quit) do if /i "%~1"=="%%C" goto run
rem The language model comes with the first speech model; later the app offers it.
if exist "%MODELS%\base\idiolect.json" goto run
"%VENV%\Scripts\idiolect.exe" models fetch base && "%VENV%\Scripts\idiolect.exe" models fetch language
:run
"%VENV%\Scripts\idiolect.exe" %*
exit /b %ERRORLEVEL%
